import { afterTurn, type Flow, nextTurn } from "../fair-share.rules.ts";
import type { ClaimCommand } from "./commands.ts";
import { projectRoom, projectWeight, providerRoom, tenantRoom, tenantWeight } from "./gates.rules.ts";
import type { JobRow, Lease, OpenChunk } from "./job-row.ts";
import type { QueueUse } from "./job-store.ts";
import { allows, demandOf, grantLease, heartbeatMs } from "./leases.rules.ts";
import { isUnaffordable } from "./money.rules.ts";
import { consumePermits } from "./permits.rules.ts";
import { parkIfKeyIsFull, requeue, setAside } from "./placing.rules.ts";
import { flowKeyOf, type QueueParts, queuePartsOf } from "./queue-key.ts";
import type { ClaimedStep, SingleReplies } from "./replies.ts";
import { refuseHead, reviewQueues } from "./review.rules.ts";
import { claimableSteps, nextChunk, unitsDone } from "./steps.rules.ts";
import type { Work } from "./work.ts";

const maxClaim = 100;
/** Jobs that are put aside in one claim because their key is full. */
const maxAside = 50;

interface Source {
  readonly key: string;
  readonly parts: QueueParts;
  readonly use: QueueUse;
  heads: JobRow[];
  /** Whether the store may have more than `heads`. */
  more: boolean;
  closed: boolean;
}

/**
 * Gives up to `max` leases of a lane. Turns go round the tenants by weight, then round the tenant's projects; inside
 * a project the job with the highest aged priority comes first. The cost follows `max` and the number of active
 * queues, not the number of jobs.
 */
export function claim(work: Work, command: ClaimCommand): SingleReplies["claim"] {
  consumePermits(work, command.lane, command.permits ?? {});
  reviewQueues(work);
  const max = Math.min(command.max, maxClaim);
  const sources = openSources(work, command.lane);
  const steps: ClaimedStep[] = [];
  let aside = 0;
  while (steps.length < max && aside < maxAside) {
    const turn = chooseTurn(work, sources);
    if (turn === undefined) break;
    const source = bestSource(work, turn.sources, max - steps.length);
    const job = source?.heads[0];
    if (source === undefined || job === undefined) continue;
    if (putAside(work, source, job)) {
      source.heads.shift();
      aside += 1;
      continue;
    }
    const step = tryGrant(work, source, job, command.workerId);
    if (step === null) continue;
    steps.push(step);
    turn.charge();
    if (claimableSteps(job) === 0) source.heads.shift();
  }
  return { ok: true, steps };
}

/** Jobs that can't run although their queue is open, and that mustn't hold up those behind them. */
function putAside(work: Work, { parts }: Source, job: JobRow): boolean {
  if (parkIfKeyIsFull(work, job)) return true;
  const { micros } = demandOf(job);
  if (!isUnaffordable(work, parts.tenantId, parts.projectId, micros)) return false;
  setAside(work, job);
  return true;
}

function openSources(work: Work, lane: string): Source[] {
  return Object.entries(work.hot.queues).flatMap(([key, use]) => {
    const parts = queuePartsOf(key);
    if (parts.lane !== lane || use.steps <= 0 || use.refused !== undefined) return [];
    return [{ key, parts, use, heads: [], more: true, closed: false }];
  });
}

interface Turn {
  readonly sources: readonly Source[];
  charge(): void;
}

/** Whose turn it is among those that could run something; credits are charged only when a lease is given. */
function chooseTurn(work: Work, all: readonly Source[]): Turn | undefined {
  const usable = all.filter(
    ({ closed, parts }) => !closed && providerRoom(work, parts.tenantId, parts.provider) > 0,
  );
  const projects = grouped(usable, ({ parts }) => flowKeyOf(parts.tenantId, parts.projectId));
  const projectFlows = [...projects].flatMap(([key, sources]): (Flow & { readonly tenantId: string })[] => {
    const first = sources[0];
    if (first === undefined) return [];
    const { tenantId, projectId } = first.parts;
    const weight = projectWeight(work, tenantId, projectId);
    const credit = work.project(tenantId, projectId).credit;
    return [{ key, tenantId, weight, demand: 1, room: projectRoom(work, tenantId, projectId), credit }];
  });
  const open = grouped(
    projectFlows.filter((flow) => flow.room > 0),
    (flow) => flow.tenantId,
  );
  const tenantFlows = [...open.keys()].map(
    (tenantId): Flow => ({
      key: tenantId,
      weight: tenantWeight(work, tenantId),
      demand: 1,
      room: tenantRoom(work, tenantId),
      credit: work.tenant(tenantId).credit,
    }),
  );
  const tenantTurn = nextTurn(tenantFlows);
  const tenant = tenantFlows[tenantTurn];
  const flows = tenant === undefined ? [] : (open.get(tenant.key) ?? []);
  const projectTurn = nextTurn(flows);
  const project = flows[projectTurn];
  if (project === undefined) return undefined;
  return {
    sources: projects.get(project.key) ?? [],
    charge() {
      const tenantCredits = afterTurn(tenantFlows, tenantTurn);
      tenantFlows.forEach((flow, index) => {
        work.tenant(flow.key).credit = tenantCredits[index] ?? 0;
      });
      const projectCredits = afterTurn(flows, projectTurn);
      flows.forEach((flow, index) => {
        const use = work.hot.projects[flow.key];
        if (use !== undefined) use.credit = projectCredits[index] ?? 0;
      });
    },
  };
}

/** The queue whose head comes first; queues that turn out empty are closed for this claim. */
function bestSource(work: Work, sources: readonly Source[], wanted: number): Source | undefined {
  let best: Source | undefined;
  for (const source of sources) {
    if (source.heads.length === 0 && source.more) {
      source.heads = work.heads(source.key, wanted).filter((job) => claimableSteps(job) > 0);
      source.more = source.heads.length > 0;
    }
    const head = source.heads[0];
    if (head === undefined) {
      source.closed = true;
      continue;
    }
    const rival = best?.heads[0];
    if (rival === undefined || head.rank < rival.rank || (head.rank === rival.rank && head.seq < rival.seq)) {
      best = source;
    }
  }
  return best;
}

function tryGrant(work: Work, source: Source, job: JobRow, workerId: string): ClaimedStep | null {
  const { tenantId, projectId, provider } = source.parts;
  const demand = demandOf(job);
  const verdict = allows(work, tenantId, projectId, provider, demand);
  if (!verdict.ok) {
    refuseHead(work, source.use, job, { reason: verdict.reason, until: verdict.until, ...demand });
    source.closed = true;
    return null;
  }
  const chunk = nextChunk(job);
  if (chunk === undefined) {
    source.heads.shift();
    return null;
  }
  const lease = grantLease(work, job, chunk, workerId, demand);
  job.attempt = Math.max(job.attempt, chunk.attempt + 1);
  job.startedAt ??= work.now;
  if (job.state === "BLOCKED") work.move(job, "READY", null, "job.ready");
  if (job.state !== "LEASED") {
    work.move(job, "LEASED", null, "job.started", { attempt: job.attempt, workerId, token: lease.token });
  }
  requeue(work, job);
  return stepOf(work, job, chunk, lease);
}

function stepOf(work: Work, job: JobRow, chunk: OpenChunk, lease: Lease): ClaimedStep {
  const { spec } = job;
  const { payload } = spec;
  const ends = [
    spec.timeoutMs === undefined || job.startedAt === null ? null : job.startedAt + spec.timeoutMs,
    spec.maxTotalMs === undefined ? null : job.createdAt + spec.maxTotalMs,
  ].filter((time) => time !== null);
  return {
    jobId: job.id,
    tenantId: spec.tenantId,
    projectId: spec.projectId,
    type: spec.type,
    kind: chunk.kind,
    chunk: { index: chunk.index, from: chunk.from, to: chunk.to, doneUnits: unitsDone(chunk) },
    units: spec.units,
    attempt: chunk.attempt + 1,
    maxAttempts: spec.maxAttempts,
    payload:
      payload.kind === "ref"
        ? { ref: payload.ref }
        : { value: payload.kind === "inline" ? payload.value : (work.store.findPayload(job.id) ?? null) },
    token: lease.token,
    leaseUntil: lease.until,
    heartbeatMs,
    deadlineAt: ends.length === 0 ? null : Math.min(...ends),
    requestedBy: spec.requestedBy,
    createdAt: job.createdAt,
    labels: spec.labels ?? {},
    trace: spec.trace ?? null,
    redriveOf: spec.redriveOf ?? null,
  };
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

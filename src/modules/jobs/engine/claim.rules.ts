import type { ClaimCommand } from "./commands.ts";
import { providerRoom } from "./gates.rules.ts";
import type { JobRow, Lease, OpenChunk } from "./job-row.ts";
import { allows, demandOf, grantLease, heartbeatMs } from "./leases.rules.ts";
import { isUnaffordable } from "./money.rules.ts";
import { consumePermits } from "./permits.rules.ts";
import { parkIfKeyIsFull, requeue, setAside } from "./placing.rules.ts";
import type { ClaimedStep, SingleReplies } from "./replies.ts";
import { refuseHead, reviewQueues } from "./review.rules.ts";
import { claimableSteps, nextChunk, unitsDone } from "./steps.rules.ts";
import { type Source, Turns } from "./turns.rules.ts";
import type { Work } from "./work.ts";

const maxClaim = 100;
/** Jobs that are put aside in one claim because their key is full. */
const maxAside = 50;

/**
 * Gives up to `max` leases of a lane. Turns go round the tenants by weight, then round the tenant's projects; inside
 * a project the job with the highest aged priority comes first. The cost follows `max` and the number of active
 * queues, not the number of jobs.
 */
export function claim(work: Work, command: ClaimCommand): SingleReplies["claim"] {
  consumePermits(work, command.lane, command.permits ?? {});
  reviewQueues(work);
  const max = Math.min(command.max, maxClaim);
  const turns = new Turns(work, command.lane);
  const steps: ClaimedStep[] = [];
  let aside = 0;
  while (steps.length < max && aside < maxAside) {
    const turn = turns.next();
    if (turn === undefined) break;
    const wanted = Math.ceil((max - steps.length) / turns.queues);
    const source = bestSource(work, turn.project.sources, wanted);
    const job = source?.heads[0];
    if (source === undefined || job === undefined) {
      turn.project.demand = 0;
    } else if (putAside(work, source, job)) {
      source.heads.shift();
      aside += 1;
    } else {
      const step = tryGrant(work, source, job, command.workerId);
      if (step === null) continue;
      steps.push(step);
      turn.charge();
      if (claimableSteps(job) === 0) source.heads.shift();
    }
  }
  turns.keep();
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

/** The queue whose head comes first; queues that turn out empty are closed for this claim. */
function bestSource(work: Work, sources: readonly Source[], wanted: number): Source | undefined {
  let best: Source | undefined;
  for (const source of sources) {
    if (source.closed || providerRoom(work, source.parts.tenantId, source.parts.provider) <= 0) continue;
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

import type { DeadFilter, EditDeadCommand, RedriveCommand } from "./commands.ts";
import type { JobEdits, JobRow, JobSpec } from "./job-row.ts";
import type { JobStore } from "./job-store.ts";
import { linkKey } from "./link-keys.ts";
import { invalid, unknown } from "./refusals.ts";
import type { Redriven, SingleReplies } from "./replies.ts";
import { snapshotOf } from "./snapshot.ts";
import { payloadOf } from "./submission.rules.ts";
import { createJob, newJobId } from "./submit.rules.ts";
import type { Work } from "./work.ts";

const redriveAtOnce = 500;
const scannedAtOnce = 500;

/** Whether an ended job can be driven again. */
export function isDead(job: JobRow): boolean {
  return job.state === "DEAD" || job.state === "FAILED" || job.state === "EXPIRED";
}

/** Whether an ended job is among the dead letters that are looked for. */
export function matchesDead(job: JobRow, filter: DeadFilter): boolean {
  const states: readonly string[] = filter.states ?? ["DEAD", "FAILED", "EXPIRED"];
  return (
    states.includes(job.state) &&
    (filter.projectId === undefined || job.spec.projectId === filter.projectId) &&
    (filter.type === undefined || job.spec.type === filter.type) &&
    (filter.reason === undefined || job.reason === filter.reason) &&
    (filter.errorCode === undefined || job.error?.code === filter.errorCode) &&
    (filter.open !== true || job.redrivenAs === undefined)
  );
}

/** One page of a tenant's dead letters after a position, looking at a bounded number of rows. */
export function pageOfDead(
  store: Pick<JobStore, "links">,
  find: (id: string) => JobRow | undefined,
  tenantId: string,
  filter: DeadFilter,
  after: number,
  limit: number,
): { jobs: JobRow[]; after: number | null } {
  const links = store.links(linkKey.dead(tenantId), after, scannedAtOnce);
  const jobs: JobRow[] = [];
  for (const link of links) {
    const job = find(link.jobId);
    if (job !== undefined && matchesDead(job, filter)) jobs.push(job);
    if (jobs.length === limit) return { jobs, after: link.seq };
  }
  return { jobs, after: links.length === scannedAtOnce ? (links.at(-1)?.seq ?? null) : null };
}

/** Starts ended jobs again as new ones that name the old; a job that was redriven before names the same one again. */
export function redrive(work: Work, command: RedriveCommand): SingleReplies["redrive"] {
  const limit = Math.min(command.limit ?? 100, redriveAtOnce);
  const named = command.jobIds?.slice(0, redriveAtOnce).map((id) => ({ id, job: work.findJob(id) }));
  for (const { id, job } of named ?? []) {
    if (job === undefined || job.spec.tenantId !== command.tenantId) return unknown(id);
    if (!isDead(job)) {
      const detail = `The job is ${job.state}; only ended jobs without success are redriven.`;
      return { ok: false, failure: work.refuseMove(job, "jobs.not_dead", detail) };
    }
  }
  const page =
    named === undefined
      ? pageOfDead(
          work.store,
          (id) => work.findJob(id),
          command.tenantId,
          command.filter ?? {},
          command.after ?? 0,
          limit,
        )
      : { jobs: named.flatMap(({ job }) => job ?? []), after: null };
  const spacing = command.perMinute === undefined ? 0 : 60_000 / Math.max(1, command.perMinute);
  let startAt = Math.max(work.now, command.startAt ?? work.now);
  const items: Redriven["items"][number][] = [];
  for (const job of page.jobs) {
    if (job.redrivenAs !== undefined) {
      items.push({ jobId: job.id, redrivenAs: job.redrivenAs, existing: true, runAt: null });
      continue;
    }
    const runAt = Math.floor(startAt);
    startAt += spacing;
    const again = command.dryRun === true ? null : startAgain(work, job, runAt);
    items.push({ jobId: job.id, redrivenAs: again?.id ?? null, existing: false, runAt });
    if (again === null) continue;
    const { projectId } = job.spec;
    const after = { redrivenAs: again.id, runAt };
    work.audit(command.tenantId, projectId, "jobs.job.redrive", `job:${job.id}`, command.audit, null, after);
  }
  return {
    ok: true,
    items,
    after: page.after,
    nextStartAt: Math.ceil(startAt),
    dryRun: command.dryRun === true,
  };
}

function startAgain(work: Work, job: JobRow, runAt: number): JobRow {
  const { edits } = job;
  const value = job.spec.payload.kind === "stored" ? work.store.findPayload(job.id) : undefined;
  const spec = specAgain(job, edits);
  const stored = spec.payload.kind === "stored" ? value : undefined;
  const serialSeq = job.serialSeq === 0 ? undefined : job.serialSeq;
  job.serialSeq = 0;
  const again = createJob(work, newJobId(work), spec, runAt, stored, undefined, serialSeq);
  job.redrivenAs = again.id;
  work.emit(job, "job.redriven", { redrivenAs: again.id });
  work.reindex(job);
  return again;
}

/** The old specification with the edits, without what tied it to its first submission. */
function specAgain(job: JobRow, edits: JobEdits | undefined): JobSpec {
  const { idempotency: _i, dedup: _d, dependsOn: _o, expiresAt: _e, maxTotalMs, ...spec } = job.spec;
  return { ...spec, ...(maxTotalMs !== undefined && { maxTotalMs }), ...edits, redriveOf: job.id };
}

/** Changes what the next redrive of an ended job will use; the ended job itself stays as it is. */
export function editDead(work: Work, command: EditDeadCommand): SingleReplies["edit_dead"] {
  const job = work.findJob(command.jobId);
  if (job === undefined || job.spec.tenantId !== command.tenantId) return unknown(command.jobId);
  if (!isDead(job) || job.redrivenAs !== undefined) {
    const detail =
      job.redrivenAs === undefined
        ? `The job is ${job.state}; only dead letters are edited.`
        : `The job was redriven as ${job.redrivenAs}.`;
    return { ok: false, failure: work.refuseMove(job, "jobs.not_editable", detail) };
  }
  const { payload, payloadRef, ...rest } = command.edits;
  if (
    rest.priority !== undefined &&
    !(Number.isInteger(rest.priority) && rest.priority >= 0 && rest.priority <= 9)
  ) {
    return invalid("/priority", "out_of_range", "A whole number from 0 to 9.");
  }
  if (rest.maxAttempts !== undefined && !(Number.isInteger(rest.maxAttempts) && rest.maxAttempts >= 1)) {
    return invalid("/maxAttempts", "out_of_range", "A whole number from 1.");
  }
  const newPayload =
    payload === undefined && payloadRef === undefined
      ? undefined
      : payloadRef === undefined
        ? ({ kind: "inline", value: payload ?? null } as const)
        : payloadOf({ payloadRef });
  const before = job.edits ?? null;
  job.edits = { ...job.edits, ...rest, ...(newPayload && { payload: newPayload }) };
  work.emit(job, "job.edited", { fields: Object.keys(command.edits) });
  work.reindex(job);
  const { projectId } = job.spec;
  work.audit(
    command.tenantId,
    projectId,
    "jobs.job.update",
    `job:${job.id}`,
    command.audit,
    before,
    job.edits,
  );
  return { ok: true, job: snapshotOf(job) };
}

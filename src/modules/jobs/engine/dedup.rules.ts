import type { Submission } from "./commands.ts";
import type { JobRow, JobSpec } from "./job-row.ts";
import { linkKey } from "./link-keys.ts";
import { place } from "./placing.rules.ts";
import type { Outcome, Submitted } from "./replies.ts";
import { snapshotOf } from "./snapshot.ts";
import { isRunning } from "./transitions.rules.ts";
import type { Work } from "./work.ts";

/** What a dedup key does to a submission. */
export type Deduplicated =
  | { readonly kind: "answered"; readonly outcome: Outcome<Submitted> }
  | { readonly kind: "replaces"; readonly job: JobRow; readonly runAt?: number; readonly behind?: JobRow }
  | { readonly kind: "new"; readonly runAt?: number; readonly behind?: JobRow };

/** Looks for jobs of the same dedup key that haven't ended, and applies the mode. */
export function deduplicate(work: Work, spec: JobSpec, item: Submission): Deduplicated {
  const { dedup } = spec;
  if (dedup === undefined) return { kind: "new" };
  const alive = work.store
    .links(linkKey.dedup(spec, dedup.key), 0, 3)
    .flatMap((link) => work.findJob(link.jobId) ?? [])
    .filter((job) => job.finishedAt === null);
  const active = alive.find(hasStarted);
  const pending = alive.find((job) => !hasStarted(job));
  const latest = pending ?? active;
  switch (dedup.mode) {
    case "reject":
      return latest === undefined ? { kind: "new" } : { kind: "answered", outcome: duplicate(latest) };
    case "return_existing":
      return latest === undefined ? { kind: "new" } : { kind: "answered", outcome: existing(latest) };
    case "replace_pending":
      if (pending !== undefined) return { kind: "replaces", job: pending };
      return active === undefined ? { kind: "new" } : { kind: "answered", outcome: existing(active) };
    case "debounce":
      return debounce(work, spec, item, pending);
    case "keep_last_if_active":
      return keepLast(active, pending);
    case "none":
      return { kind: "new" };
  }
}

/** Once a worker has had it, what was asked for isn't changed any more. */
function hasStarted(job: JobRow): boolean {
  return job.startedAt !== null || isRunning(job.state);
}

/** A pending job takes the new content and its quiet time begins again, up to the longest delay. */
function debounce(work: Work, spec: JobSpec, item: Submission, pending: JobRow | undefined): Deduplicated {
  const quietMs = spec.dedup?.debounceMs ?? 0;
  if (pending === undefined || pending.state !== "SCHEDULED")
    return { kind: "new", runAt: work.now + quietMs };
  const latest = pending.createdAt + (spec.dedup?.debounceMaxMs ?? Number.POSITIVE_INFINITY);
  pending.runAt = Math.min(work.now + quietMs, latest);
  const { payload, priority, units, chunkUnits, maxParallel, finalize, unitMicros, lane, labels, needs } =
    spec;
  work.replaceSpec(pending, {
    ...pending.spec,
    ...{ payload, priority, units, chunkUnits, maxParallel, finalize, unitMicros, lane },
    ...(labels && { labels }),
    ...(needs && { needs }),
  });
  if (spec.payload.kind === "stored" && item.payload !== undefined) {
    work.store.writePayload(pending.id, item.payload);
  }
  work.emit(pending, "job.updated", { runAt: pending.runAt, units: spec.units });
  if (pending.runAt <= work.now) place(work, pending);
  return { kind: "answered", outcome: existing(pending) };
}

/** One runs, at most one waits behind it, and that is the last that was asked for. */
function keepLast(active: JobRow | undefined, pending: JobRow | undefined): Deduplicated {
  const behind = active === undefined ? {} : { behind: active };
  if (pending !== undefined) return { kind: "replaces", job: pending, ...behind };
  return { kind: "new", ...behind };
}

function existing(job: JobRow): Outcome<Submitted> {
  return { ok: true, jobId: job.id, state: job.state, existing: true, job: snapshotOf(job) };
}

function duplicate(job: JobRow): Outcome<Submitted> {
  return {
    ok: false,
    failure: {
      kind: "conflict",
      code: "jobs.duplicate",
      detail: `The job ${job.id} with the same dedup key hasn't ended.`,
      data: { jobId: job.id, state: job.state },
    },
  };
}

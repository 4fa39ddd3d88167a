import type { Job, JobProgress } from "../../../../contracts/jobs.ts";
import type { JobSnapshot } from "./effects.ts";
import type { JobRow } from "./job-row.ts";
import { reasonCodeOf, statusOf } from "./transitions.rules.ts";

/** How many units are done, failed and skipped, of how many. */
export function progressOf(job: JobRow): JobProgress {
  return { total: job.spec.units, done: job.done, failed: job.failed, skipped: job.skipped };
}

/** What others may see of a job. */
export function snapshotOf(job: JobRow): JobSnapshot {
  const { spec } = job;
  return {
    id: job.id,
    tenantId: spec.tenantId,
    projectId: spec.projectId,
    type: spec.type,
    lane: spec.lane,
    status: statusOf(job.state),
    reasonCode: reasonCodeOf(job.state, job.reason),
    state: job.state,
    priority: spec.priority,
    attempt: job.attempt,
    maxAttempts: spec.maxAttempts,
    progress: progressOf(job),
    costMicros: job.costMicros,
    requestedBy: spec.requestedBy,
    createdAt: job.createdAt,
    runAt: job.runAt,
    startedAt: job.startedAt,
    finishedAt: job.finishedAt,
    expiresAt: spec.expiresAt ?? null,
    resultRef: job.resultRef,
    error: job.error,
    parentId: spec.parentId ?? null,
    redriveOf: spec.redriveOf ?? null,
    redrivenAs: job.redrivenAs ?? null,
    deadUnits: job.deadUnits,
    labels: spec.labels ?? {},
    lastEventSeq: job.events,
  };
}

/** Time left at the pace so far, in milliseconds; null before the first unit or when it doesn't run. */
export function etaOf(job: JobSnapshot, now: number): number | null {
  const { total, done, failed, skipped } = job.progress;
  const ended = done + failed + skipped;
  if (job.status !== "RUNNING" || job.startedAt === null || ended === 0) return null;
  return Math.max(0, Math.round(((now - job.startedAt) / ended) * (total - ended)));
}

const instant = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** The wire shape of a job at `now` (the instant only matters for the estimate). */
export function publicJob(job: JobSnapshot, now: number): Job {
  const { createdAt, runAt, startedAt, finishedAt, expiresAt, ...rest } = job;
  return {
    ...rest,
    deadUnits: [...job.deadUnits],
    etaMs: etaOf(job, now),
    requestedAt: new Date(createdAt).toISOString(),
    runAt: instant(runAt > createdAt ? runAt : null),
    startedAt: instant(startedAt),
    finishedAt: instant(finishedAt),
    expiresAt: instant(expiresAt),
  };
}

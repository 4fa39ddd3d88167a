import * as z from "zod";

export const JobType = z.enum(["EVALUATION", "ANALYSIS", "PIPELINE", "REGRESSION", "GATE", "ACTION"]);
export type JobType = z.infer<typeof JobType>;

/** What callers see; `reasonCode` says more, such as `retry_wait`, `blocked_budget` or `poison`. */
export const JobStatus = z.enum(["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"]);
export type JobStatus = z.infer<typeof JobStatus>;

/** What the engine keeps. SCHEDULED to CANCELLING are alive, the others are final. */
export const JobState = z.enum([
  "SCHEDULED",
  "READY",
  "LEASED",
  "RETRY_WAIT",
  "BLOCKED",
  "CANCELLING",
  "CANCELLED",
  "SUCCEEDED",
  "FAILED",
  "DEAD",
  "EXPIRED",
]);
export type JobState = z.infer<typeof JobState>;

/** Units of work: `done` counts those with a result, `failed` those recorded as an error, `skipped` the rest. */
export const JobProgress = z.strictObject({
  total: z.int().nonnegative(),
  done: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  skipped: z.int().nonnegative(),
});
export type JobProgress = z.infer<typeof JobProgress>;

export const JobError = z.strictObject({ code: z.string(), message: z.string() });
export type JobError = z.infer<typeof JobError>;

/** A job as the API shows it. Money is integer micros of the tenant's currency; instants are RFC 3339. */
export const Job = z.strictObject({
  id: z.string(),
  tenantId: z.string(),
  projectId: z.string(),
  type: JobType,
  lane: z.string(),
  status: JobStatus,
  reasonCode: z.string().nullable(),
  state: JobState,
  priority: z.int().min(0).max(9),
  attempt: z.int().nonnegative(),
  maxAttempts: z.int().positive(),
  progress: JobProgress,
  costMicros: z.int().nonnegative(),
  etaMs: z.int().nonnegative().nullable(),
  requestedBy: z.string(),
  requestedAt: z.iso.datetime(),
  runAt: z.iso.datetime().nullable(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime().nullable(),
  resultRef: z.string().nullable(),
  error: JobError.nullable(),
  parentId: z.string().nullable(),
  redriveOf: z.string().nullable(),
  redrivenAs: z.string().nullable(),
  deadUnits: z.array(z.int().nonnegative()),
  labels: z.record(z.string(), z.string()),
  lastEventSeq: z.int().nonnegative(),
});
export type Job = z.infer<typeof Job>;

export const JobEventType = z.enum([
  "job.submitted",
  "job.updated",
  "job.ready",
  "job.blocked",
  "job.started",
  "job.progress",
  "job.retrying",
  "job.lease_lost",
  "job.split",
  "job.unit_dead",
  "job.finalizing",
  "job.cancelling",
  "job.cancelled",
  "job.succeeded",
  "job.failed",
  "job.dead",
  "job.expired",
  "job.edited",
  "job.redriven",
  "job.late_result",
]);
export type JobEventType = z.infer<typeof JobEventType>;

/**
 * One step of a job. `seq` counts a tenant's events, `jobSeq` one job's: both without gaps from 1. `at` is epoch
 * milliseconds. `data.state` and `data.reason` stand in every event that changes them, so that a replay rebuilds them.
 */
export const JobEvent = z.strictObject({
  seq: z.int().positive(),
  jobId: z.string(),
  jobSeq: z.int().positive(),
  type: JobEventType,
  at: z.int(),
  data: z.record(z.string(), z.unknown()),
});
export type JobEvent = z.infer<typeof JobEvent>;

import { backoffMs } from "../../../kernel/retry.ts";
import type { FailCommand, WorkFailure } from "./commands.ts";
import { finish } from "./finish.rules.ts";
import type { JobRow, OpenChunk } from "./job-row.ts";
import { endLease } from "./leases.rules.ts";
import { setPause } from "./pause.rules.ts";
import { learnRateLimit, noteFailure } from "./provider.rules.ts";
import { providerOf } from "./queue-key.ts";
import type { SingleReplies } from "./replies.ts";
import { giveBack, heldBy, late, reportPart } from "./report.rules.ts";
import { settleJob } from "./settle.rules.ts";
import type { Work } from "./work.ts";

const logKept = 20;
export const retryBaseMs = 2_000;
export const retryCapMs = 300_000;
/** A provider that says 429 without a time gets at least this much silence. */
const leastQuietMs = 1_000;

/**
 * A step that didn't succeed. Transient failures are tried again with full jitter within the attempts and the age of
 * the job; rate limits wait without using an attempt, within an age of their own; everything else ends the job at once.
 */
export function fail(work: Work, command: FailCommand): SingleReplies["fail"] {
  const held = heldBy(work, command.jobId, command.token);
  if (held === null) return late(work, command);
  const { job, chunk, lease } = held;
  const { failure } = command;
  const recorded = reportPart(work, held, command);
  endLease(work, job, chunk, "returned");
  noteAttempt(job, chunk, lease.workerId, failure, work.now);
  if (job.state === "CANCELLING") giveBack(work, job, chunk);
  else if (chunk.kind === "work" && !chunk.marks.includes(".")) giveBack(work, job, chunk);
  else judge(work, job, chunk, failure);
  const retryAt = chunk.wait?.until ?? null;
  return { ok: true, recorded, state: job.state, repeated: false, retryAt };
}

function judge(work: Work, job: JobRow, chunk: OpenChunk, failure: WorkFailure): void {
  const provider = chunk.kind === "finalize" ? "" : providerOf(job);
  const error = { code: failure.code, message: failure.message };
  if (failure.pausesProvider !== undefined && provider !== "") {
    const name = provider.split("/")[0] ?? provider;
    const scope = { tenantId: job.spec.tenantId, kind: "provider" as const, name };
    setPause(work, scope, failure.pausesProvider, { actor: "system", reason: `${job.id}: ${failure.code}` });
  }
  if (failure.rateLimited === true) {
    waitForRate(work, job, chunk, failure, provider);
    return;
  }
  if (!failure.transient) {
    finish(work, job, "FAILED", "permanent", error);
    return;
  }
  if (provider !== "") noteFailure(work.provider(job.spec.tenantId, provider), work.now);
  chunk.attempt += 1;
  const policy = { baseMs: retryBaseMs, capMs: retryCapMs, maxAttempts: job.spec.maxAttempts };
  const delay = backoffMs(policy, chunk.attempt, work.random, failure.retryAfterMs ?? 0);
  const tooOld = work.now + delay > job.createdAt + job.spec.maxAgeMs;
  if (chunk.attempt >= job.spec.maxAttempts || tooOld) {
    finish(work, job, "DEAD", "retries_exhausted", error);
    return;
  }
  waitUntil(work, job, chunk, work.now + delay, "retry");
}

function waitForRate(
  work: Work,
  job: JobRow,
  chunk: OpenChunk,
  failure: WorkFailure,
  provider: string,
): void {
  const quietMs = Math.max(leastQuietMs, failure.retryAfterMs ?? 0);
  if (provider !== "") learnRateLimit(work.provider(job.spec.tenantId, provider), work.now, quietMs);
  job.rateSince ??= work.now;
  const delay = quietMs + Math.floor(work.random() * retryBaseMs);
  if (work.now + delay > job.rateSince + job.spec.maxRateWaitMs) {
    finish(work, job, "DEAD", "rate_wait_exhausted", { code: failure.code, message: failure.message });
    return;
  }
  waitUntil(work, job, chunk, work.now + delay, "rate");
}

function waitUntil(work: Work, job: JobRow, chunk: OpenChunk, until: number, why: "retry" | "rate"): void {
  chunk.state = "waiting";
  chunk.wait = { until, why };
  if (job.chunks.some((other) => other.state === "leased")) {
    work.emit(job, "job.retrying", { chunk: chunk.index, until, why });
  }
  settleJob(work, job);
}

/** Keeps the attempt in the job's log. */
export function noteAttempt(
  job: JobRow,
  chunk: OpenChunk,
  workerId: string,
  error: { readonly code: string; readonly message: string },
  now: number,
): void {
  job.log.push({
    at: now,
    chunk: chunk.index,
    attempt: chunk.attempt + 1,
    workerId,
    code: error.code,
    message: error.message.slice(0, 500),
  });
  if (job.log.length > logKept) job.log.shift();
}

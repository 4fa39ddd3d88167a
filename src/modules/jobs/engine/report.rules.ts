import type { CompleteCommand, HeartbeatCommand, ReleaseCommand } from "./commands.ts";
import { closedChunk, finish } from "./finish.rules.ts";
import type { JobRow, Lease, OpenChunk } from "./job-row.ts";
import { endLease, leaseMs, reportCost, settleUse } from "./leases.rules.ts";
import { settleMoney } from "./money.rules.ts";
import { noteProgress, recordOutcomes, recordRest } from "./outcomes.rules.ts";
import { noteSuccess } from "./provider.rules.ts";
import { providerOf } from "./queue-key.ts";
import { staleLease } from "./refusals.ts";
import type { Ended, SingleReplies } from "./replies.ts";
import { closeChunk, settleJob } from "./settle.rules.ts";
import type { Work } from "./work.ts";

export interface Held {
  readonly job: JobRow;
  readonly chunk: OpenChunk;
  readonly lease: Lease;
}

/** The open lease of a token, if it is still the current one of its chunk. */
export function heldBy(work: Work, jobId: string, token: number): Held | null {
  const job = work.findJob(jobId);
  for (const chunk of job?.chunks ?? []) {
    if (job !== undefined && chunk.lease?.token === token) return { job, chunk, lease: chunk.lease };
  }
  return null;
}

/** Extends the lease, records what was finished, and says whether to stop. A cancelled job's lease isn't extended. */
export function heartbeat(work: Work, command: HeartbeatCommand): SingleReplies["heartbeat"] {
  const held = heldBy(work, command.jobId, command.token);
  if (held === null) return late(work, command);
  const { job, chunk, lease } = held;
  const cancel = job.state === "CANCELLING";
  if (!cancel) lease.until = work.now + leaseMs;
  const recorded = recordOutcomes(job, chunk, command.outcomes);
  if (command.partRef !== undefined && recorded.length > 0) chunk.refs.push(command.partRef);
  const spent = reportCost(work, job, chunk, lease, command.costMicros);
  settleUse(work, job, lease, command.usage);
  if (recorded.length > 0 || spent > 0) noteProgress(work, job);
  work.touch(job);
  return { ok: true, cancel, leaseUntil: lease.until, recorded, state: job.state };
}

/** Ends a chunk (or the finalize step) with its result. */
export function complete(work: Work, command: CompleteCommand): SingleReplies["complete"] {
  const held = heldBy(work, command.jobId, command.token);
  if (held === null) return repeated(work, command) ?? late(work, command);
  const { job, chunk, lease } = held;
  reportCost(work, job, chunk, lease, command.costMicros);
  settleUse(work, job, lease, command.usage);
  const recorded = recordRest(job, chunk, command.outcomes);
  if (command.resultRef !== undefined) chunk.refs.push(command.resultRef);
  endLease(work, job, chunk, "returned");
  noteProviderSuccess(work, job, chunk);
  job.endToken = command.token;
  closeChunk(work, job, chunk, command.token, "complete");
  const isLast = chunk.kind === "finalize" || (job.chunks.length === 0 && job.cursor >= job.spec.units);
  if (job.state === "LEASED" && chunk.kind === "finalize") {
    job.resultRef = command.resultRef ?? null;
    finish(work, job, "SUCCEEDED", null);
  } else {
    if (isLast && !job.spec.finalize && command.resultRef !== undefined) job.resultRef = command.resultRef;
    if (!isLast || job.spec.finalize) noteProgress(work, job);
    settleJob(work, job);
  }
  return { ok: true, recorded, state: job.state, repeated: false };
}

/** Gives the lease back; the chunk can be claimed again at once and nothing is held against it. */
export function release(work: Work, command: ReleaseCommand): SingleReplies["release"] {
  const held = heldBy(work, command.jobId, command.token);
  if (held === null) return late(work, command);
  const recorded = reportPart(work, held, command);
  endLease(work, held.job, held.chunk, "returned");
  giveBack(work, held.job, held.chunk);
  return { ok: true, recorded, state: held.job.state, repeated: false };
}

/** Records what a worker finished of a chunk that it doesn't end. */
export function reportPart(
  work: Work,
  { job, chunk, lease }: Held,
  command: Pick<ReleaseCommand, "costMicros" | "usage" | "outcomes" | "partRef">,
): number[] {
  const spent = reportCost(work, job, chunk, lease, command.costMicros);
  settleUse(work, job, lease, command.usage);
  const recorded = recordOutcomes(job, chunk, command.outcomes);
  if (command.partRef !== undefined && recorded.length > 0) chunk.refs.push(command.partRef);
  if (recorded.length > 0 || spent > 0) noteProgress(work, job);
  return recorded;
}

/** Puts a chunk without a lease back, or closes it when all its units are recorded or the job is being cancelled. */
export function giveBack(work: Work, job: JobRow, chunk: OpenChunk): void {
  if (job.state === "CANCELLING") {
    job.chunks = job.chunks.filter((open) => open !== chunk);
    if (/[desp]/.test(chunk.marks)) work.store.insertChunk(closedChunk(work, job, chunk, 0, "abandoned"));
  } else if (chunk.kind === "work" && !chunk.marks.includes(".")) {
    closeChunk(work, job, chunk, 0, "complete");
  }
  settleJob(work, job);
}

function noteProviderSuccess(work: Work, job: JobRow, chunk: OpenChunk): void {
  const provider = chunk.kind === "finalize" ? "" : providerOf(job);
  if (provider !== "") noteSuccess(work.provider(job.spec.tenantId, provider));
}

/** A completion that was accepted before and whose answer got lost. */
function repeated(work: Work, command: CompleteCommand): ({ ok: true } & Ended) | null {
  const job = work.findJob(command.jobId);
  if (job === undefined) return null;
  const closed = command.chunk === undefined ? undefined : work.store.findChunk(job.id, command.chunk);
  const known =
    job.endToken === command.token || (closed?.end === "complete" && closed.token === command.token);
  return known ? { ok: true, recorded: [], state: job.state, repeated: true } : null;
}

/**
 * A report under a lease that was taken away: nothing is recorded, but what it cost was spent, so it is settled, once,
 * and flagged.
 */
export function late(
  work: Work,
  command: { readonly jobId: string; readonly token: number; readonly costMicros?: number },
): ReturnType<typeof staleLease> {
  const job = work.findJob(command.jobId);
  const lost = job?.lost.find((lease) => lease.token === command.token);
  const spent = Math.max(0, (command.costMicros ?? 0) - (lost?.costMicros ?? 0));
  if (job !== undefined && lost !== undefined && spent > 0) {
    lost.costMicros += spent;
    job.costMicros += spent;
    settleMoney(work, job.spec.tenantId, job.spec.projectId, spent, 0);
    work.emit(job, "job.late_result", { token: command.token, spent, costMicros: job.costMicros });
    work.reindex(job);
  }
  return staleLease(command.jobId, command.token, job?.state ?? null);
}

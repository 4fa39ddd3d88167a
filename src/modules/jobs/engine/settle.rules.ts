import { closedChunk, finish } from "./finish.rules.ts";
import type { JobRow, OpenChunk } from "./job-row.ts";
import { enqueue, requeue, unqueue } from "./placing.rules.ts";
import { claimableSteps, leasedChunks, newChunk } from "./steps.rules.ts";
import type { Work } from "./work.ts";

/**
 * Brings the state of a started job in line with its chunks, after one of them was closed, returned, lost or woken:
 * ended when nothing is left, LEASED while somebody works on it, otherwise ready or waiting.
 */
export function settleJob(work: Work, job: JobRow): void {
  work.touch(job);
  const leased = leasedChunks(job).length;
  if (job.state === "CANCELLING") {
    if (leased === 0) finish(work, job, "CANCELLED", job.cancel?.reason ?? "cancelled");
    return;
  }
  if (job.chunks.length === 0 && job.cursor >= job.spec.units && !endOrFinalize(work, job)) return;
  if (leased > 0) {
    requeue(work, job);
    return;
  }
  if (claimableSteps(job) > 0) {
    enqueue(work, job);
    return;
  }
  waitWithChunks(work, job);
}

/** All units are recorded: the finalize step follows, or the end. Says whether the job goes on. */
function endOrFinalize(work: Work, job: JobRow): boolean {
  if (!job.spec.finalize) {
    finish(work, job, "SUCCEEDED", null);
    return false;
  }
  newChunk(job, "finalize", job.spec.units, job.spec.units, "");
  work.emit(job, "job.finalizing", {});
  return true;
}

function waitWithChunks(work: Work, job: JobRow): void {
  const waits = job.chunks.flatMap((chunk) => (chunk.wait === undefined ? [] : [chunk.wait]));
  const until = Math.min(...waits.map((wait) => wait.until));
  const retry = waits.some((wait) => wait.why === "retry");
  const target = retry ? "RETRY_WAIT" : "BLOCKED";
  const isThere = job.state === target && (retry || job.reason === "rate");
  if (!isThere) {
    if (retry) work.move(job, "RETRY_WAIT", "retry_wait", "job.retrying", { until, attempt: job.attempt });
    else work.move(job, "BLOCKED", "rate", "job.blocked", { until });
  }
  unqueue(work, job);
}

/** Closes a chunk whose units are all accounted for. */
export function closeChunk(
  work: Work,
  job: JobRow,
  chunk: OpenChunk,
  token: number,
  end: "complete" | "split" | "poison",
): void {
  job.chunks = job.chunks.filter((open) => open !== chunk);
  work.touch(job);
  const alone = job.spec.units === 1 && !job.spec.finalize && chunk.index === 0;
  if (!alone) work.store.insertChunk(closedChunk(work, job, chunk, token, end));
}

import type { Json } from "../../../kernel/json.ts";
import { noteAttempt } from "./fail.rules.ts";
import { finish } from "./finish.rules.ts";
import type { JobRow, OpenChunk } from "./job-row.ts";
import { endLease } from "./leases.rules.ts";
import { giveBack } from "./report.rules.ts";
import { closeChunk, settleJob } from "./settle.rules.ts";
import { progressOf } from "./snapshot.ts";
import { claimableSteps, leasedChunks, newChunk, unitsLeft } from "./steps.rules.ts";
import type { Work } from "./work.ts";

/**
 * Takes a lease away whose time has passed. A chunk that loses its lease again and again is cut in two until the one
 * unit that kills its workers stands alone; that unit is recorded as poison and the job goes on without it.
 */
export function loseLease(work: Work, job: JobRow, chunk: OpenChunk): void {
  const { lease } = chunk;
  if (lease === undefined) return;
  const error = { code: "jobs.lease_lost", message: `The worker ${lease.workerId} stopped reporting.` };
  noteAttempt(job, chunk, lease.workerId, error, work.now);
  endLease(work, job, chunk, "taken away");
  if (job.state === "CANCELLING") {
    giveBack(work, job, chunk);
    return;
  }
  chunk.losses += 1;
  const worn = chunk.losses >= job.spec.maxLeaseLosses;
  if (worn && chunk.kind === "finalize") {
    endByLoss(work, job, "lease_lost");
  } else if (worn && job.spec.units === 1) {
    endByLoss(work, job, "poison");
  } else {
    const data = { chunk: chunk.index, losses: chunk.losses, workerId: lease.workerId };
    if (chunk.kind === "work") isolate(work, job, chunk, worn);
    goOn(work, job, data);
  }
}

/** Splits a chunk that is suspected, closes one that has nothing left; otherwise it simply waits again. */
function isolate(work: Work, job: JobRow, chunk: OpenChunk, worn: boolean): void {
  const left = unitsLeft(chunk);
  if (left === 0) closeChunk(work, job, chunk, 0, "complete");
  else if (left > 1 && (worn || chunk.suspect)) split(work, job, chunk, left);
  else if (left === 1 && worn) bury(work, job, chunk);
}

function goOn(work: Work, job: JobRow, data: Record<string, Json>): void {
  const idle = leasedChunks(job).length === 0;
  if (idle && claimableSteps(job) > 0) work.move(job, "READY", null, "job.lease_lost", data);
  else work.emit(job, "job.lease_lost", data);
  settleJob(work, job);
}

/** Two chunks with half of the open units each; what was recorded stays with the closed one. */
function split(work: Work, job: JobRow, chunk: OpenChunk, left: number): void {
  let middle = 0;
  for (let open = 0; open < Math.ceil(left / 2); middle++) if (chunk.marks[middle] === ".") open += 1;
  const marks = chunk.marks.replaceAll(/[^.]/g, "-");
  const parts = [
    newChunk(job, "work", chunk.from, chunk.from + middle, marks.slice(0, middle)),
    newChunk(job, "work", chunk.from + middle, chunk.to, marks.slice(middle)),
  ];
  for (const part of parts) {
    part.suspect = true;
    part.attempt = chunk.attempt;
  }
  closeChunk(work, job, chunk, 0, "split");
  work.emit(job, "job.split", { chunk: chunk.index, into: parts.map((part) => part.index) });
}

/** Records the one unit that is left of a chunk as poison. */
function bury(work: Work, job: JobRow, chunk: OpenChunk): void {
  const at = chunk.marks.indexOf(".");
  const unit = chunk.from + at;
  chunk.marks = `${chunk.marks.slice(0, at)}p${chunk.marks.slice(at + 1)}`;
  job.failed += 1;
  job.deadUnits.push(unit);
  closeChunk(work, job, chunk, 0, "poison");
  work.emit(job, "job.unit_dead", { unit, cause: "poison", progress: { ...progressOf(job) } });
}

function endByLoss(work: Work, job: JobRow, reason: "poison" | "lease_lost"): void {
  const message = "Every worker that took this step stopped reporting.";
  finish(work, job, "DEAD", reason, { code: `jobs.${reason}`, message });
}

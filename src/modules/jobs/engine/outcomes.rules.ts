import type { UnitOutcomes } from "./commands.ts";
import type { JobRow, OpenChunk } from "./job-row.ts";
import { progressOf } from "./snapshot.ts";
import type { Work } from "./work.ts";

/** Records outcomes of units that have none yet; later reports of the same unit change nothing. */
export function recordOutcomes(job: JobRow, chunk: OpenChunk, outcomes: UnitOutcomes | undefined): number[] {
  if (outcomes === undefined) return [];
  const marks = [...chunk.marks];
  const recorded: number[] = [];
  for (const [unit, mark] of Object.entries(outcomes)) {
    const at = Number(unit) - chunk.from;
    if (marks[at] !== ".") continue;
    marks[at] = mark;
    recorded.push(Number(unit));
    if (mark === "d") job.done += 1;
    else if (mark === "e") job.failed += 1;
    else job.skipped += 1;
  }
  chunk.marks = marks.join("");
  if (recorded.length > 0) job.rateSince = null;
  return recorded;
}

/** Every unit of the chunk without an outcome is done, unless the report says otherwise. */
export function recordRest(job: JobRow, chunk: OpenChunk, outcomes: UnitOutcomes | undefined): number[] {
  const all: Record<number, "d" | "e" | "s"> = {};
  for (let i = 0; i < chunk.marks.length; i++) {
    const unit = chunk.from + i;
    if (chunk.marks[i] === ".") all[unit] = outcomes?.[unit] ?? "d";
  }
  return recordOutcomes(job, chunk, all);
}

/** Tells how far a job has come. */
export function noteProgress(work: Work, job: JobRow): void {
  work.emit(job, "job.progress", { progress: { ...progressOf(job) }, costMicros: job.costMicros });
}

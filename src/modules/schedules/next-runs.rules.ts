import type { Schedule } from "../../../contracts/schedules.ts";
import { problem } from "../../kernel/problem.ts";
import { localText } from "../../kernel/zone.ts";
import { type CompiledSchedule, compileSchedule, type RunNote } from "./compile-schedule.rules.ts";

/** One run of a schedule: when (ms UTC), what the clocks of its zone show then, and why it isn't at its written time. */
export interface ScheduledRun {
  readonly scheduledFor: number;
  /** As in `2026-03-08T03:00:00-04:00`. */
  readonly local: string;
  readonly note?: RunNote;
}

export const previewLength = 20;

/** The first `n` runs after an instant; fewer when the schedule ends. */
export function nextRuns(schedule: Schedule, after: number, n: number): ScheduledRun[] {
  const compiled = compileSchedule(schedule);
  const runs: ScheduledRun[] = [];
  let run = compiled.next(after);
  while (run !== null && runs.length < n) {
    runs.push(describe(compiled, run));
    run = compiled.next(run);
  }
  return runs;
}

/** The last run before an instant, or null. */
export function previousRun(schedule: Schedule, before: number): ScheduledRun | null {
  const compiled = compileSchedule(schedule);
  const run = compiled.previous(before);
  return run === null ? null : describe(compiled, run);
}

/**
 * What an author sees before saving: the next 20 runs.
 * @throws invalid_input `schedules.never_runs` when there is none, or the schedule can't be read
 */
export function previewRuns(schedule: Schedule, now: number): ScheduledRun[] {
  const runs = nextRuns(schedule, now, previewLength);
  if (runs.length > 0) return runs;
  throw problem("invalid_input", "schedules.never_runs", "This schedule has no run after now.", {
    errors: [{ pointer: "", code: "never_runs", message: "Write dates that exist and that lie ahead." }],
  });
}

function describe(compiled: CompiledSchedule, run: number): ScheduledRun {
  const note = compiled.noteOf(run);
  return { scheduledFor: run, local: localText(compiled.zone, run), ...(note === undefined ? {} : { note }) };
}

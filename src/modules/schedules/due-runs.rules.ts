import type { RunPolicy, Schedule } from "../../../contracts/schedules.ts";
import { type CompiledSchedule, compileSchedule } from "./compile-schedule.rules.ts";
import { jitterOf, runKey } from "./jitter.rules.ts";
import { zoneVersion } from "./zone-version.rules.ts";

/** A job as its scheduler holds it. All instants are ms UTC. */
export interface JobState {
  readonly jobId: string;
  readonly schedule: Schedule;
  readonly policy: RunPolicy;
  /** Runs up to here have been decided; a new job starts with the time of its creation. */
  readonly decidedUpTo: number;
  /** The keys of its runs that are going. */
  readonly running: readonly string[];
}

export interface DueRun {
  readonly key: string;
  readonly scheduledFor: number;
  /** `scheduledFor` and its jitter; a run waits for those scheduled before it all the same. */
  readonly dueAt: number;
}

/** Runs that will not happen, by the scheduled times of the first and the last of them. */
export interface DroppedRuns {
  readonly reason: "missed" | "deadline" | "overlap";
  readonly from: number;
  readonly to: number;
}

export interface DueRuns {
  /** To start, oldest first. */
  readonly start: readonly DueRun[];
  /** Keys of runs that a new one replaces. */
  readonly stop: readonly string[];
  readonly dropped: readonly DroppedRuns[];
  readonly decidedUpTo: number;
  /** When the next run is due; null when there is none. */
  readonly nextAt: number | null;
  /** When to ask again: at `nextAt`, and at least daily, so that new zone data takes effect. */
  readonly wakeAt: number | null;
  /** The zone data that `nextAt` was computed with. */
  readonly zoneVersion: string;
}

/** A run is on time when its job is asked within this time after it was due: the watchdog's round. */
export const onTimeMs = 60_000;
const dailyMs = 86_400_000;

/**
 * Decides every run that is due by `now` and not decided before. Runs on time start; of those missed for longer the
 * catch-up policy picks (`last` only when none is on time); the deadline drops what is later than it; and where runs
 * may not overlap only the newest starts. The same state and time give the same answer, so a repeated alarm repeats
 * the same keys.
 */
export function dueRuns(job: JobState, now: number): DueRuns {
  const schedule = compileSchedule(job.schedule);
  const { due, waiting } = recentRuns(job, schedule, now);
  const decidedUpTo = Math.max(job.decidedUpTo, waiting === undefined ? now : waiting.scheduledFor - 1);
  const dropped: DroppedRuns[] = [];
  const chosen = withinDeadline(job, caughtUp(job, schedule, due, now, dropped), now, dropped);
  const { start, stop } = withoutOverlap(job, chosen, dropped);
  const nextAt = waiting?.dueAt ?? runOf(job, schedule.next(decidedUpTo))?.dueAt ?? null;
  return {
    start,
    stop,
    dropped,
    decidedUpTo,
    nextAt,
    wakeAt: nextAt === null ? null : Math.min(nextAt, now + dailyMs),
    zoneVersion: zoneVersion(schedule.zone, now),
  };
}

function runOf({ jobId, policy }: JobState, scheduledFor: number | null): DueRun | undefined {
  if (scheduledFor === null) return undefined;
  const dueAt = scheduledFor + jitterOf(jobId, scheduledFor, policy.jitterMs);
  return { key: runKey(jobId, scheduledFor), scheduledFor, dueAt };
}

/** Undecided runs that may be on time or not due yet, oldest first, up to the first that is still `waiting`. */
function recentRuns(job: JobState, schedule: CompiledSchedule, now: number) {
  const due: DueRun[] = [];
  let run = runOf(job, schedule.next(recentFrom(job, now)));
  while (run !== undefined && run.scheduledFor <= now) {
    if (run.dueAt > now) return { due, waiting: run };
    due.push(run);
    run = runOf(job, schedule.next(run.scheduledFor));
  }
  return { due, waiting: undefined };
}

/** Runs scheduled up to here were due more than the time of grace ago, whatever their jitter. */
function recentFrom({ decidedUpTo, policy }: JobState, now: number): number {
  return Math.max(decidedUpTo, now - policy.jitterMs - onTimeMs - 1);
}

/** The runs on time, and the newest of the late ones as the catch-up policy wants them; the rest are dropped. */
function caughtUp(
  job: JobState,
  schedule: CompiledSchedule,
  due: readonly DueRun[],
  now: number,
  dropped: DroppedRuns[],
) {
  const { catchUp } = job.policy;
  const onTime = due.filter(({ dueAt }) => now - dueAt <= onTimeMs);
  const late = due.filter(({ dueAt }) => now - dueAt > onTimeMs);
  let wanted = catchUp.mode === "all" ? catchUp.max : 0;
  if (catchUp.mode === "last" && onTime.length === 0) wanted = 1;
  const picked: DueRun[] = wanted === 0 ? [] : late.slice(-wanted);
  let before = recentFrom(job, now) + 1;
  let older = schedule.previous(before);
  while (older !== null && older > job.decidedUpTo && picked.length < wanted) {
    const run = runOf(job, older);
    if (run !== undefined) picked.unshift(run);
    before = older;
    older = schedule.previous(before);
  }
  const left = late.slice(0, Math.max(0, late.length - wanted));
  const first = schedule.next(job.decidedUpTo);
  const last = left.at(-1)?.scheduledFor ?? (older !== null && older > job.decidedUpTo ? older : null);
  if (first !== null && last !== null) dropped.push({ reason: "missed", from: first, to: last });
  return [...picked, ...onTime].sort((a, b) => a.scheduledFor - b.scheduledFor);
}

function withinDeadline({ policy }: JobState, runs: readonly DueRun[], now: number, dropped: DroppedRuns[]) {
  const { deadlineMs } = policy;
  if (deadlineMs === null) return runs;
  drop(
    "deadline",
    runs.filter(({ dueAt }) => now - dueAt > deadlineMs),
    dropped,
  );
  return runs.filter(({ dueAt }) => now - dueAt <= deadlineMs);
}

function withoutOverlap({ policy, running }: JobState, runs: readonly DueRun[], dropped: DroppedRuns[]) {
  if (policy.overlap === "allow" || runs.length === 0) return { start: runs, stop: [] };
  const blocked = policy.overlap === "forbid" && running.length > 0;
  drop("overlap", blocked ? runs : runs.slice(0, -1), dropped);
  return { start: blocked ? [] : runs.slice(-1), stop: policy.overlap === "replace" ? running : [] };
}

function drop(reason: DroppedRuns["reason"], runs: readonly DueRun[], dropped: DroppedRuns[]): void {
  const [first] = runs;
  const last = runs.at(-1);
  if (first !== undefined && last !== undefined) {
    dropped.push({ reason, from: first.scheduledFor, to: last.scheduledFor });
  }
}

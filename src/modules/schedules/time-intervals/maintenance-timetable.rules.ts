import type { MaintenanceTimes } from "../../../../contracts/schedules.ts";
import { type CompiledSchedule, compileSchedule } from "../compile-schedule.rules.ts";
import { intervalTimetable } from "./interval-timetable.rules.ts";
import type { Timetable } from "./timetable.ts";

/** Windows that follow each other without a break are joined up to this many. */
const mostJoined = 10_000;

/**
 * When a maintenance window is open: in [from, until), for its duration from each run of its schedule, or in its
 * intervals.
 * @throws invalid_input as `compileSchedule` and `intervalTimetable` do
 */
export function maintenanceTimetable(times: MaintenanceTimes): Timetable {
  switch (times.kind) {
    case "span":
      return spanTimetable(Date.parse(times.from), Date.parse(times.until));
    case "recurring":
      return recurringTimetable(compileSchedule(times.schedule), times.durationMs);
    case "intervals":
      return intervalTimetable(times.intervals);
  }
}

function spanTimetable(from: number, until: number): Timetable {
  return {
    isActive: (at) => from <= at && at < until,
    nextChange(after) {
      if (from >= until || after >= until) return null;
      return after < from ? from : until;
    },
  };
}

function recurringTimetable(schedule: CompiledSchedule, durationMs: number): Timetable {
  const endAt = (at: number) => (schedule.previous(at + 1) ?? Number.NEGATIVE_INFINITY) + durationMs;
  return {
    isActive: (at) => at < endAt(at),
    nextChange(after) {
      if (after >= endAt(after)) return schedule.next(after);
      let end = endAt(after);
      for (let joined = 0; joined < mostJoined && end < endAt(end); joined++) end = endAt(end);
      return end;
    },
  };
}

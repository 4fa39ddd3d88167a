/** What other modules may use of schedules; all of it is pure. */
export { type CompiledSchedule, compileSchedule } from "./compile-schedule.rules.ts";
export { type DueRun, type DueRuns, dueRuns, type JobState } from "./due-runs.rules.ts";
export { nextRuns, previewRuns, previousRun, type ScheduledRun } from "./next-runs.rules.ts";
export { intervalTimetable } from "./time-intervals/interval-timetable.rules.ts";
export { maintenanceTimetable } from "./time-intervals/maintenance-timetable.rules.ts";
export type { Timetable } from "./time-intervals/timetable.ts";
export { zoneVersion } from "./zone-version.rules.ts";

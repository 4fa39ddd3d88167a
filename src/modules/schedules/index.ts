/** What other modules and the scheduler may use of schedules. */
export { type CompiledSchedule, compileSchedule } from "./compile-schedule.rules.ts";
export { type DroppedRuns, type DueRun, type DueRuns, dueRuns, type JobState } from "./due-runs.rules.ts";
export { nextRuns, previewRuns, previousRun, type ScheduledRun } from "./next-runs.rules.ts";
export type { ScheduleRunsPage, SchedulerEntry, SchedulerPort } from "./port.ts";
export type { ScheduleRun } from "./schemas.ts";
export { findSchedule, listTenantsWithSchedules } from "./store.ts";
export { intervalTimetable } from "./time-intervals/interval-timetable.rules.ts";
export { maintenanceTimetable } from "./time-intervals/maintenance-timetable.rules.ts";
export type { Timetable } from "./time-intervals/timetable.ts";
export { zoneVersion } from "./zone-version.rules.ts";

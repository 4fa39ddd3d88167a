/** What other modules and the objects may use of schedules. */
export { compileSchedule } from "./compile-schedule.rules.ts";
export { parseCron } from "./cron/parse-cron.rules.ts";
export { type DroppedRuns, type DueRun, dueRuns } from "./due-runs.rules.ts";
export { previewOf } from "./find-schedule.ts";
export { previewRuns } from "./next-runs.rules.ts";
export type { ScheduleRunsPage, SchedulerEntry, SchedulerPort } from "./port.ts";
export { ScheduledRunPreview, ScheduleRun } from "./schemas.ts";
export { findSchedule, listTenantsWithSchedules } from "./store.ts";
export { intervalTimetable } from "./time-intervals/interval-timetable.rules.ts";
export { maintenanceTimetable } from "./time-intervals/maintenance-timetable.rules.ts";

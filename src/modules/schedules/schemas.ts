import * as z from "zod";
import { RunRequest } from "../../../contracts/runs.ts";
import { RunPolicy, Schedule } from "../../../contracts/schedules.ts";

/** What a schedule does at its times: it submits an evaluation. */
export const ScheduledAction = z.strictObject({ kind: z.literal("run"), run: RunRequest });
export type ScheduledAction = z.infer<typeof ScheduledAction>;

const fields = {
  name: z.string().min(1).max(200),
  schedule: Schedule,
  policy: RunPolicy.prefault({}),
  action: ScheduledAction,
  enabled: z.boolean().default(true),
};

export const CreateSchedule = z.strictObject({ ...fields, projectId: z.string().optional() });

export const UpdateSchedule = z.strictObject({
  id: z.string(),
  name: fields.name.optional(),
  schedule: Schedule.optional(),
  policy: RunPolicy.optional(),
  action: ScheduledAction.optional(),
  enabled: z.boolean().optional(),
});

export const ScheduledRunPreview = z.strictObject({
  scheduledFor: z.iso.datetime(),
  /** The wall clock of the schedule's zone with its offset. */
  local: z.string(),
  /** Why a run is not where its wall clock time alone would put it. */
  note: z.enum(["dst_gap", "dst_overlap"]).nullable(),
});

export const SavedSchedule = z
  .strictObject({
    id: z.string(),
    projectId: z.string().nullable(),
    ...fields,
    enabled: z.boolean(),
    nextRuns: z.array(ScheduledRunPreview),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    version: z.int(),
  })
  .meta({ id: "SavedSchedule" });
export type SavedSchedule = z.infer<typeof SavedSchedule>;

/** One scheduled time of a schedule and what became of it: (schedule, scheduled time) happens once. */
export const ScheduleRun = z
  .strictObject({
    scheduleId: z.string(),
    scheduledFor: z.iso.datetime(),
    /** `skipped`: the scheduler was off. */
    state: z.enum(["pending", "started", "failed", "dropped", "skipped"]),
    jobId: z.string().nullable(),
    attempts: z.int(),
    /** Why it failed or was dropped. */
    reason: z.string().nullable(),
  })
  .meta({ id: "ScheduleRun" });
export type ScheduleRun = z.infer<typeof ScheduleRun>;

export const ScheduleRef = z.strictObject({ id: z.string() });

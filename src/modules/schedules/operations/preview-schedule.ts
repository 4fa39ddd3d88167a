import * as z from "zod";
import { Schedule } from "../../../../contracts/schedules.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { previewOf } from "../find-schedule.ts";
import { mustRun } from "../must-run.ts";
import { previewLength } from "../next-runs.rules.ts";
import { ScheduledRunPreview } from "../schemas.ts";

export const previewSchedule = defineOperation({
  action: "schedules.schedule.preview",
  effect: "read",
  scope: "runs:read",
  summary: "Show the next runs of a schedule before it is saved, with what summer time does to them",
  input: z.strictObject({ schedule: Schedule, after: z.iso.datetime({ offset: true }).optional() }),
  output: z.strictObject({ runs: z.array(ScheduledRunPreview) }).meta({ id: "SchedulePreview" }),
  raises: [],
  async run(ctx, { schedule, after }) {
    const from = after === undefined ? ctx.now.getTime() : Date.parse(after);
    mustRun(schedule, from);
    return { runs: previewOf(schedule, from, previewLength) };
  },
});

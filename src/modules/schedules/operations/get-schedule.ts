import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindSchedule, scheduleOf } from "../find-schedule.ts";
import { SavedSchedule, ScheduleRef } from "../schemas.ts";

export const getSchedule = defineOperation({
  action: "schedules.schedule.get",
  effect: "read",
  scope: "runs:read",
  summary: "Read a schedule and its next runs",
  input: ScheduleRef,
  output: SavedSchedule,
  raises: ["not_found"],
  resource: ({ id }) => `schedule:${id}`,
  version: (schedule) => schedule.version,
  async run(ctx, { id }) {
    return scheduleOf(await mustFindSchedule(ctx, id), ctx.now);
  },
});

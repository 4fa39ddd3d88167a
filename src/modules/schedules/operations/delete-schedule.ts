import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { mustFindSchedule, scheduleChanged, scheduleOf } from "../find-schedule.ts";
import { SavedSchedule, ScheduleRef } from "../schemas.ts";
import { deleteScheduleRow } from "../store.ts";

export const deleteSchedule = defineOperation({
  action: "schedules.schedule.delete",
  effect: "write",
  scope: "runs:write",
  summary: "Delete a schedule; answers what it was. Jobs it has submitted go on",
  input: ScheduleRef,
  output: SavedSchedule,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ id }) => `schedule:${id}`,
  version: (schedule) => schedule.version,
  async run(ctx, { id }) {
    const row = await mustFindSchedule(ctx, id);
    mustChangeWithin(ctx.actor, row.projectId);
    expectVersion(ctx, row.version);
    const before = scheduleOf(row, ctx.now);
    await ctx.write(
      { entity: `schedule:${id}`, before, ...(row.projectId === null ? {} : { projectId: row.projectId }) },
      (q) => deleteScheduleRow(q, row),
      [scheduleChanged(row)],
    );
    return before;
  },
});

import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, encodeCursor, PageQuery, pageOf } from "../../../kernel/page.ts";
import { mustFindSchedule } from "../find-schedule.ts";
import { ScheduleRun } from "../schemas.ts";

export const listScheduleRuns = defineOperation({
  action: "schedules.run.list",
  effect: "read",
  scope: "runs:read",
  summary: "List what became of a schedule's times, newest first",
  input: z.strictObject({ ...PageQuery.shape, id: z.string() }),
  output: pageOf(ScheduleRun),
  raises: ["not_found"],
  resource: ({ id }) => `schedule:${id}`,
  async run(ctx, { id, limit, cursor }) {
    await mustFindSchedule(ctx, id);
    const before = decodeCursor(cursor)?.at.getTime() ?? null;
    const page = await ctx.ports.scheduler.runs(ctx.tenantId, id, before, limit);
    return {
      items: [...page.items],
      nextCursor: page.before === null ? null : encodeCursor({ at: new Date(page.before), id }),
    };
  },
});

import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, PageQuery, pageOf, toPage } from "../../../kernel/page.ts";
import { reaches } from "../../../kernel/project-reach.ts";
import { scheduleOf } from "../find-schedule.ts";
import { SavedSchedule } from "../schemas.ts";
import { listScheduleRows } from "../store.ts";

export const listSchedules = defineOperation({
  action: "schedules.schedule.list",
  effect: "read",
  scope: "runs:read",
  summary: "List schedules, newest first",
  input: PageQuery,
  output: pageOf(SavedSchedule),
  raises: [],
  async run(ctx, { limit, cursor }) {
    const rows = await listScheduleRows(ctx.db, ctx.tenantId, limit + 1, decodeCursor(cursor));
    const page = toPage(
      rows,
      limit,
      (row) => ({ at: row.createdAt, id: row.id }),
      (row) => row,
    );
    const visible = page.items.filter((row) => reaches(ctx.actor, row.projectId));
    return { ...page, items: visible.map((row) => scheduleOf(row, ctx.now)) };
  },
});

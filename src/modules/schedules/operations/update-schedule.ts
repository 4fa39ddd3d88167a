import { orNameTaken } from "../../../kernel/name-taken.ts";
import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { mustFindSchedule, scheduleChanged, scheduleOf } from "../find-schedule.ts";
import { mustRun } from "../must-run.ts";
import { SavedSchedule, UpdateSchedule } from "../schemas.ts";
import { replaceSchedule } from "../store.ts";
import type { ScheduleRow } from "../tables.ts";

export const updateSchedule = defineOperation({
  action: "schedules.schedule.update",
  effect: "write",
  scope: "runs:write",
  summary: "Change a schedule, or switch it off and on; runs that were decided stay",
  input: UpdateSchedule,
  output: SavedSchedule,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ id }) => `schedule:${id}`,
  version: (schedule) => schedule.version,
  async run(ctx, { id, ...given }) {
    const before = await mustFindSchedule(ctx, id);
    mustChangeWithin(ctx.actor, before.projectId);
    expectVersion(ctx, before.version);
    const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const row: ScheduleRow = {
      ...before,
      ...changes,
      updatedAt: ctx.now,
      version: before.version + 1,
      writeId: ctx.newId("wr"),
    };
    if (row.enabled) mustRun(row.schedule, ctx.now.getTime());
    const saved = scheduleOf(row, ctx.now);
    await orNameTaken(
      ctx.write(
        {
          entity: `schedule:${id}`,
          before: scheduleOf(before, ctx.now),
          after: saved,
          ...(before.projectId === null ? {} : { projectId: before.projectId }),
        },
        (q) => replaceSchedule(q, row, before.version),
        [scheduleChanged(row)],
      ),
      { code: "schedules.name_taken", noun: "schedule", name: row.name, pointer: "/name" },
    );
    return saved;
  },
});

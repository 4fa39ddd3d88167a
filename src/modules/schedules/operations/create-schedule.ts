import { actorName } from "../../../kernel/actor-name.ts";
import { orNameTaken } from "../../../kernel/name-taken.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { mustFindProject } from "../../access/index.ts";
import { scheduleChanged, scheduleOf } from "../find-schedule.ts";
import { mustRun } from "../must-run.ts";
import { CreateSchedule, SavedSchedule } from "../schemas.ts";
import { insertSchedule } from "../store.ts";
import type { ScheduleRow } from "../tables.ts";

export const createSchedule = defineOperation({
  action: "schedules.schedule.create",
  effect: "write",
  scope: "runs:write",
  summary: "Submit an evaluation at set times: cron, interval, once or calendar rule, in a time zone",
  input: CreateSchedule,
  output: SavedSchedule,
  raises: ["not_found", "conflict", "forbidden"],
  version: (schedule) => schedule.version,
  async run(ctx, { projectId = null, ...fields }) {
    mustChangeWithin(ctx.actor, projectId);
    if (projectId !== null) await mustFindProject(ctx, projectId);
    mustRun(fields.schedule, ctx.now.getTime());
    const row: ScheduleRow = {
      ...fields,
      id: ctx.newId("sch"),
      tenantId: ctx.tenantId,
      projectId,
      createdBy: actorName(ctx.actor),
      createdAt: ctx.now,
      updatedAt: ctx.now,
      version: 1,
      writeId: ctx.newId("wr"),
    };
    const saved = scheduleOf(row, ctx.now);
    await orNameTaken(
      ctx.write(
        { entity: `schedule:${row.id}`, after: saved, ...(projectId === null ? {} : { projectId }) },
        (q) => [insertSchedule(q, row)],
        [scheduleChanged(row)],
      ),
      { code: "schedules.name_taken", noun: "schedule", name: row.name, pointer: "/name" },
    );
    return saved;
  },
});

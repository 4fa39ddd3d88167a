import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, encodeCursor, PageQuery, pageOf } from "../../../kernel/page.ts";
import { ScheduleRun } from "../../schedules/index.ts";
import { mustFindRule } from "../find-rule.ts";
import { runsId } from "../polling/clock-plan.rules.ts";

const RuleRun = ScheduleRun.omit({ scheduleId: true, jobId: true }).meta({ id: "RuleRun" });

export const listRuleRuns = defineOperation({
  action: "rules.run.list",
  effect: "read",
  scope: "rules:read",
  summary: "List what became of the times of a schedule rule, newest first",
  input: z.strictObject({ ...PageQuery.shape, id: z.string() }),
  output: pageOf(RuleRun),
  raises: ["not_found"],
  resource: ({ id }) => `rule:${id}`,
  async run(ctx, { id, limit, cursor }) {
    const rule = await mustFindRule(ctx, id);
    const before = decodeCursor(cursor)?.at.getTime() ?? null;
    const page = await ctx.ports.scheduler.runs(ctx.tenantId, runsId(rule.lineage), before, limit);
    return {
      items: page.items.map(({ scheduleId: _, jobId: __, ...run }) => run),
      nextCursor: page.before === null ? null : encodeCursor({ at: new Date(page.before), id }),
    };
  },
});

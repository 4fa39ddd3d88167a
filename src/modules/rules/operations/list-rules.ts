import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, PageQuery, pageOf, toPage } from "../../../kernel/page.ts";
import { reaches } from "../../../kernel/project-reach.ts";
import { ruleOf } from "../find-rule.ts";
import { Rule } from "../schemas.ts";
import { listRuleRows } from "../store.ts";

export const listRules = defineOperation({
  action: "rules.rule.list",
  effect: "read",
  scope: "rules:read",
  summary: "List rules, newest first",
  input: PageQuery,
  output: pageOf(Rule),
  raises: [],
  async run(ctx, { limit, cursor }) {
    const rows = await listRuleRows(ctx.db, ctx.tenantId, limit + 1, decodeCursor(cursor));
    const page = toPage(
      rows,
      limit,
      (row) => ({ at: row.createdAt, id: row.id }),
      (row) => row,
    );
    return { ...page, items: page.items.filter((row) => reaches(ctx.actor, row.projectId)).map(ruleOf) };
  },
});

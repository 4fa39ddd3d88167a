import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { mustFindRule, ruleVersionOf } from "../../find-rule.ts";
import { RuleRef, RuleVersion } from "../../schemas.ts";
import { listRuleVersionRows } from "../../store.ts";

export const listRuleVersions = defineOperation({
  action: "rules.version.list",
  effect: "read",
  scope: "rules:read",
  summary: "List a rule's versions, newest first: who wrote each, why, and what became of it",
  input: RuleRef,
  output: z.strictObject({ items: z.array(RuleVersion), nextCursor: z.null() }),
  raises: ["not_found"],
  resource: ({ id }) => `rule:${id}`,
  async run(ctx, { id }) {
    const rule = await mustFindRule(ctx, id);
    const rows = await listRuleVersionRows(ctx.db, ctx.tenantId, rule.id);
    return { items: rows.map(ruleVersionOf), nextCursor: null };
  },
});

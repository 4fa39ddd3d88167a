import { defineOperation } from "../../../kernel/operation.ts";
import { changeRule } from "../change-rule.ts";
import { compatibilityOf } from "../compatibility-of.ts";
import { moverOf, mustFindRuleVersion } from "../find-rule.ts";
import { moveRuleVersion, ruleAfterRollback } from "../rule-lifecycle.rules.ts";
import { Rule, RuleRef } from "../schemas.ts";

export const rollbackRule = defineOperation({
  action: "rules.rule.rollback",
  effect: "write",
  scope: "rules:publish",
  summary: "Go back to the version that was at work before",
  input: RuleRef,
  output: Rule,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ id }) => `rule:${id}`,
  run: (ctx, { id }) =>
    changeRule(ctx, id, async (rule) => {
      const next = ruleAfterRollback(rule);
      const to = await mustFindRuleVersion(ctx, rule, next.liveVersion ?? 0);
      const from = await mustFindRuleVersion(ctx, rule, rule.liveVersion ?? 0);
      const carries = compatibilityOf(from.definition, to.definition) === "compatible";
      const mover = moverOf(ctx);
      return {
        rule: { ...next, lineage: carries ? rule.lineage : `${rule.id}.${to.version}.${rule.version}` },
        versions: [
          { before: to, after: moveRuleVersion(to, "live", mover, ctx.now) },
          { before: from, after: moveRuleVersion(from, "retired", mover, ctx.now) },
        ],
      };
    }),
});

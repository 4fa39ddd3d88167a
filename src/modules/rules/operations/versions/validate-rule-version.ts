import { defineOperation } from "../../../../kernel/operation.ts";
import { moverOf } from "../../../../kernel/versioning/lifecycle.rules.ts";
import { changeRule } from "../../change-rule.ts";
import { checkTrigger } from "../../check-trigger.ts";
import { mustFindRuleVersion } from "../../find-rule.ts";
import { mustCompile } from "../../must-compile.ts";
import { moveRuleVersion } from "../../rule-lifecycle.rules.ts";
import { Rule, RuleVersionRef } from "../../schemas.ts";

export const validateRuleVersion = defineOperation({
  action: "rules.version.validate",
  effect: "write",
  scope: "rules:write",
  summary: "Check a draft as the engine would run it; only a validated version can watch or go live",
  input: RuleVersionRef,
  output: Rule,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ id }) => `rule:${id}`,
  run: (ctx, { id, version }) =>
    changeRule(ctx, id, async (rule) => {
      const before = await mustFindRuleVersion(ctx, rule, version);
      mustCompile(before.definition);
      checkTrigger(ctx, before.definition);
      return {
        rule,
        versions: [{ before, after: moveRuleVersion(before, "validated", moverOf(ctx.actor), ctx.now) }],
      };
    }),
});

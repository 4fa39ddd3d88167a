import { defineOperation } from "../../../../kernel/operation.ts";
import { moverOf } from "../../../../kernel/versioning/lifecycle.rules.ts";
import { changeRule } from "../../change-rule.ts";
import { mustFindRuleVersion } from "../../find-rule.ts";
import { moveRuleVersion, ruleAfterShadow } from "../../rule-lifecycle.rules.ts";
import { Rule, RuleVersionRef } from "../../schemas.ts";

export const shadowRuleVersion = defineOperation({
  action: "rules.version.shadow",
  effect: "write",
  scope: "rules:publish",
  summary: "Let a version watch live events beside the one at work, with its effects held back",
  input: RuleVersionRef,
  output: Rule,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ id }) => `rule:${id}`,
  run: (ctx, { id, version }) =>
    changeRule(ctx, id, async (rule) => {
      const before = await mustFindRuleVersion(ctx, rule, version);
      const watching =
        rule.shadowVersion === null ? null : await mustFindRuleVersion(ctx, rule, rule.shadowVersion);
      const mover = moverOf(ctx.actor);
      return {
        rule: ruleAfterShadow(rule, version),
        versions: [
          { before, after: moveRuleVersion(before, "shadow", mover, ctx.now) },
          ...(watching
            ? [{ before: watching, after: moveRuleVersion(watching, "validated", mover, ctx.now) }]
            : []),
        ],
      };
    }),
});

import { defineOperation } from "../../../../kernel/operation.ts";
import { mustFindRule, mustFindRuleVersion, ruleVersionOf } from "../../find-rule.ts";
import { RuleVersion, RuleVersionRef } from "../../schemas.ts";

export const getRuleVersion = defineOperation({
  action: "rules.version.get",
  effect: "read",
  scope: "rules:read",
  summary: "Read one version of a rule",
  input: RuleVersionRef,
  output: RuleVersion,
  raises: ["not_found"],
  resource: ({ id, version }) => `rule:${id}@${version}`,
  async run(ctx, { id, version }) {
    return ruleVersionOf(await mustFindRuleVersion(ctx, await mustFindRule(ctx, id), version));
  },
});

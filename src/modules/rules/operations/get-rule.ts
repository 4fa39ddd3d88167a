import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindRule, ruleOf } from "../find-rule.ts";
import { Rule, RuleRef } from "../schemas.ts";

export const getRule = defineOperation({
  action: "rules.rule.get",
  effect: "read",
  scope: "rules:read",
  summary: "Read a rule: which of its versions is at work and which only watches",
  input: RuleRef,
  output: Rule,
  raises: ["not_found"],
  resource: ({ id }) => `rule:${id}`,
  version: (rule) => rule.version,
  async run(ctx, { id }) {
    return ruleOf(await mustFindRule(ctx, id));
  },
});

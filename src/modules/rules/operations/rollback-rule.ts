import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { moverOf } from "../../../kernel/versioning/lifecycle.rules.ts";
import { changeRule } from "../change-rule.ts";
import { mustFindRuleVersion } from "../find-rule.ts";
import { moveRuleVersion, ruleAfterRollback } from "../rule-lifecycle.rules.ts";
import { ruleAfterEdit } from "../rule-state.rules.ts";
import { Rule, RuleRef, StateEffect } from "../schemas.ts";

export const rollbackRule = defineOperation({
  action: "rules.rule.rollback",
  effect: "write",
  scope: "rules:publish",
  summary: "Go back to the version that was at work before; its state goes on where the change allows it",
  input: z.strictObject({
    ...RuleRef.shape,
    /** What becomes of the rule's state; as the change asks for when left out. */
    state: StateEffect.optional(),
  }),
  output: Rule,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed", "invalid_input"],
  resource: ({ id }) => `rule:${id}`,
  run: (ctx, { id, state }) =>
    changeRule(ctx, id, async (rule) => {
      const next = ruleAfterRollback(rule);
      const to = await mustFindRuleVersion(ctx, rule, next.liveVersion ?? 0);
      const from = await mustFindRuleVersion(ctx, rule, rule.liveVersion ?? 0);
      const mover = moverOf(ctx.actor);
      return {
        rule: ruleAfterEdit(next, from.definition, to, state),
        versions: [
          { before: to, after: moveRuleVersion(to, "live", mover, ctx.now) },
          { before: from, after: moveRuleVersion(from, "retired", mover, ctx.now) },
        ],
      };
    }),
});

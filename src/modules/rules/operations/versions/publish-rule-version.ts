import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { moverOf } from "../../../../kernel/versioning/lifecycle.rules.ts";
import { changeRule } from "../../change-rule.ts";
import { mustFindRuleVersion } from "../../find-rule.ts";
import { moveRuleVersion, ruleAfterPublish } from "../../rule-lifecycle.rules.ts";
import { ruleAfterEdit } from "../../rule-state.rules.ts";
import { Rule, RuleVersionRef, StateEffect } from "../../schemas.ts";

export const publishRuleVersion = defineOperation({
  action: "rules.version.publish",
  effect: "write",
  scope: "rules:publish",
  summary: "Put a validated version to work; its state goes on where the change allows it",
  input: z.strictObject({
    ...RuleVersionRef.shape,
    /** What becomes of the rule's state; the effect that the diff shows when left out. */
    state: StateEffect.optional(),
  }),
  output: Rule,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed", "invalid_input"],
  resource: ({ id }) => `rule:${id}`,
  run: (ctx, { id, version, state }) =>
    changeRule(ctx, id, async (rule) => {
      const before = await mustFindRuleVersion(ctx, rule, version);
      const old = rule.liveVersion === null ? null : await mustFindRuleVersion(ctx, rule, rule.liveVersion);
      const mover = moverOf(ctx.actor);
      return {
        rule: ruleAfterEdit(ruleAfterPublish(rule, version), old?.definition ?? null, before, state),
        versions: [
          { before, after: moveRuleVersion(before, "live", mover, ctx.now) },
          ...(old ? [{ before: old, after: moveRuleVersion(old, "retired", mover, ctx.now) }] : []),
        ],
      };
    }),
});

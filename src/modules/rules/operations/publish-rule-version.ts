import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { changeRule } from "../change-rule.ts";
import { compatibilityOf } from "../compatibility-of.ts";
import { moverOf, mustFindRuleVersion } from "../find-rule.ts";
import { moveRuleVersion, ruleAfterPublish } from "../rule-lifecycle.rules.ts";
import { Rule, RuleVersionRef } from "../schemas.ts";

export const publishRuleVersion = defineOperation({
  action: "rules.version.publish",
  effect: "write",
  scope: "rules:publish",
  summary: "Put a validated version to work; its state goes on where the change allows it",
  input: z.strictObject({
    ...RuleVersionRef.shape,
    /** Begins with fresh state although the change would carry it. */
    reset: z.boolean().default(false),
  }),
  output: Rule,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ id }) => `rule:${id}`,
  run: (ctx, { id, version, reset }) =>
    changeRule(ctx, id, async (rule) => {
      const before = await mustFindRuleVersion(ctx, rule, version);
      const old = rule.liveVersion === null ? null : await mustFindRuleVersion(ctx, rule, rule.liveVersion);
      const carries = !reset && compatibilityOf(old?.definition ?? null, before.definition) === "compatible";
      const mover = moverOf(ctx);
      return {
        rule: {
          ...ruleAfterPublish(rule, version),
          lineage: carries ? rule.lineage : `${rule.id}.${version}.${rule.version}`,
        },
        versions: [
          { before, after: moveRuleVersion(before, "live", mover, ctx.now) },
          ...(old ? [{ before: old, after: moveRuleVersion(old, "retired", mover, ctx.now) }] : []),
        ],
      };
    }),
});

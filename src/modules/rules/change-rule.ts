import type { Ctx, OutboxMessage } from "../../kernel/context.ts";
import { expectVersion } from "../../kernel/operation.ts";
import { mustChangeWithin } from "../../kernel/project-reach.ts";
import { mustFindRule, ruleOf } from "./find-rule.ts";
import type { Rule } from "./schemas.ts";
import { replaceRule, replaceRuleVersion } from "./store.ts";
import type { RuleRow, RuleVersionRow } from "./tables.ts";

/** The engine of the tenant must learn which rules are at work. */
export const rulesChanged: OutboxMessage = { topic: "rules.changed", payload: {} };

export interface RuleChange {
  readonly rule: RuleRow;
  /** Versions whose status changes, as they are and as they become. */
  readonly versions: readonly { readonly before: RuleVersionRow; readonly after: RuleVersionRow }[];
}

/** Loads a rule, decides, and stores the rule with its versions in one write that tells the engine. */
export async function changeRule(
  ctx: Ctx,
  id: string,
  decide: (rule: RuleRow) => Promise<RuleChange>,
): Promise<Rule> {
  const before = await mustFindRule(ctx, id);
  mustChangeWithin(ctx.actor, before.projectId);
  expectVersion(ctx, before.version);
  const { rule, versions } = await decide(before);
  const writeId = ctx.newId("wr");
  const next = { ...rule, updatedAt: ctx.now, version: before.version + 1, writeId };
  await ctx.write(
    {
      entity: `rule:${id}`,
      before: ruleOf(before),
      after: ruleOf(next),
      ...(before.projectId === null ? {} : { projectId: before.projectId }),
    },
    (q) => [
      ...replaceRule(q, next, before.version),
      ...versions.flatMap(({ before: old, after }) =>
        replaceRuleVersion(q, { ...after, writeId }, old.status),
      ),
    ],
    [rulesChanged],
  );
  return ruleOf(next);
}

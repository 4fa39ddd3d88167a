import * as z from "zod";
import { EffectState, RuleEffect } from "../../../../../contracts/rule-actions.ts";
import { defineOperation } from "../../../../kernel/operation.ts";
import { decodeNumberCursor, encodeCursor, numberPlace, PageQuery, pageOf } from "../../../../kernel/page.ts";
import { mustFindRule } from "../../find-rule.ts";

export const listEffects = defineOperation({
  action: "rules.effect.list",
  effect: "read",
  scope: "rules:read",
  summary:
    "List what a rule's actions did or are to do, newest first: sent, waiting, dead, or held back and why",
  input: z.strictObject({ ...PageQuery.shape, id: z.string(), state: EffectState.optional() }),
  output: pageOf(RuleEffect),
  raises: ["not_found"],
  resource: ({ id }) => `rule:${id}`,
  async run(ctx, { id, state, limit, cursor }) {
    const list = `effects-${id}`;
    const before = decodeNumberCursor(cursor, list);
    const rule = await mustFindRule(ctx, id);
    const page = await ctx.ports.engine.effects(ctx.tenantId, { ruleId: rule.id, state, before, limit });
    return {
      items: [...page.items],
      nextCursor: page.before === null ? null : encodeCursor(numberPlace(list, page.before)),
    };
  },
});

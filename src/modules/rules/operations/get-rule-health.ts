import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindRule } from "../find-rule.ts";
import { RuleRef } from "../schemas.ts";

const count = z.int().nonnegative();

const RuleHealth = z
  .strictObject({
    versions: z.array(
      z.strictObject({
        version: z.int(),
        shadow: z.boolean(),
        keys: count,
        /** New keys were refused: the rule has as many as it may. */
        degraded: z.boolean(),
        watermark: z.iso.datetime().nullable(),
        counters: z.record(z.string(), count),
        /** What its actions did, in times: `waiting` is to be sent; `reasons` says why effects were held back. */
        effects: z.strictObject({
          waiting: count,
          sent: count,
          dead: count,
          suppressed: count,
          reasons: z.record(z.string(), count),
        }),
      }),
    ),
  })
  .meta({ id: "RuleHealth" });

export const getRuleHealth = defineOperation({
  action: "rules.rule.health",
  effect: "read",
  scope: "rules:read",
  summary: "Say how a rule does: events, matches, alerts, duplicates, late events, keys and errors",
  input: RuleRef,
  output: RuleHealth,
  raises: ["not_found"],
  resource: ({ id }) => `rule:${id}`,
  async run(ctx, { id }) {
    const rule = await mustFindRule(ctx, id);
    const found = await ctx.ports.engine.health(ctx.tenantId, rule.id);
    const versions = found.map(({ version, shadow, keys, degraded, watermark, counters, effects }) => ({
      version,
      shadow,
      keys,
      degraded,
      watermark: watermark === null || !Number.isFinite(watermark) ? null : new Date(watermark).toISOString(),
      counters: { ...counters },
      effects: { ...effects, reasons: { ...effects.reasons } },
    }));
    return { versions };
  },
});

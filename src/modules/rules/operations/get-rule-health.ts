import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindRule } from "../find-rule.ts";
import type { PollView } from "../polling/port.ts";
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
    /** How the sources of a metric rule answer. */
    polls: z.array(
      z.strictObject({
        intervalMs: count,
        /** Null while polling is off. */
        nextAt: z.iso.datetime().nullable(),
        /** In a row. */
        failures: count,
        /** The source is left alone until then, because it failed; each due time before it counts as an error. */
        backOffUntil: z.iso.datetime().nullable(),
        last: z
          .strictObject({
            dueAt: z.iso.datetime(),
            state: z.enum(["ok", "noData", "error"]),
            detail: z.string().nullable(),
            warnings: z.array(z.string()),
            series: count,
            tookMs: count.nullable(),
          })
          .nullable(),
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
    const [found, polls] = await Promise.all([
      ctx.ports.engine.health(ctx.tenantId, rule.id),
      ctx.ports.ruleClock.polls(ctx.tenantId, rule.id),
    ]);
    const versions = found.map(({ version, shadow, keys, degraded, watermark, counters, effects }) => ({
      version,
      shadow,
      keys,
      degraded,
      watermark: watermark === null || !Number.isFinite(watermark) ? null : new Date(watermark).toISOString(),
      counters: { ...counters },
      effects: { ...effects, reasons: { ...effects.reasons } },
    }));
    return { versions, polls: polls.map((poll) => pollOf(poll, ctx.now)) };
  },
});

function pollOf({ intervalMs, nextAt, failures, backOffUntil, last }: PollView, now: Date) {
  return {
    intervalMs,
    nextAt: nextAt === null ? null : instant(nextAt),
    failures,
    backOffUntil: backOffUntil > now.getTime() ? instant(backOffUntil) : null,
    last: last && { ...last, dueAt: instant(last.dueAt), warnings: [...last.warnings] },
  };
}

const instant = (at: number): string => new Date(at).toISOString();

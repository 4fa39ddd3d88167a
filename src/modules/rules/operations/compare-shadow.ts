import * as z from "zod";
import { BacktestReport, mostReplayedEvents } from "../../../../contracts/backtest.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { backtestVersions } from "../backtest/backtest-versions.ts";
import { mustFindRule, mustFindRuleVersion } from "../find-rule.ts";
import { RuleRef } from "../schemas.ts";

const counters = z.record(z.string(), z.int().nonnegative());

const ShadowComparison = z
  .strictObject({
    shadowVersion: z.int(),
    liveVersion: z.int().nullable(),
    /** What the engine has counted since each version is at work; they need not have begun together. */
    counted: z.strictObject({ shadow: counters.nullable(), live: counters.nullable() }),
    /** Both versions over the same stored events, from the same empty state. */
    replay: BacktestReport,
  })
  .meta({ id: "ShadowComparison" });

export const compareShadow = defineOperation({
  action: "rules.rule.shadow_diff",
  effect: "read",
  scope: "rules:read",
  summary: "Say what the shadow version does otherwise than the live one: both replayed over the last hours",
  input: z.strictObject({ ...RuleRef.shape, hours: z.coerce.number().int().min(1).max(720).default(24) }),
  output: ShadowComparison,
  raises: ["not_found", "conflict"],
  resource: ({ id }) => `rule:${id}`,
  async run(ctx, { id, hours }) {
    const rule = await mustFindRule(ctx, id);
    if (rule.shadowVersion === null) {
      const detail = `Rule "${rule.name}" has no version that only watches. Let one watch with ":shadow" first.`;
      throw problem("conflict", "rules.no_shadow", detail);
    }
    const shadow = await mustFindRuleVersion(ctx, rule, rule.shadowVersion);
    const live = rule.liveVersion === null ? null : await mustFindRuleVersion(ctx, rule, rule.liveVersion);
    const to = ctx.now.getTime();
    const span = { from: new Date(to - hours * 3_600_000).toISOString(), to: ctx.now.toISOString() };
    const asked = { ...span, maxEvents: mostReplayedEvents };
    const [replay, health] = await Promise.all([
      backtestVersions(ctx, rule, shadow, live, asked),
      ctx.ports.engine.health(ctx.tenantId, rule.id),
    ]);
    const counted = (watching: boolean) => {
      const found = health.find((one) => one.shadow === watching);
      return found === undefined ? null : { ...found.counters };
    };
    return {
      shadowVersion: shadow.version,
      liveVersion: rule.liveVersion,
      counted: { shadow: counted(true), live: counted(false) },
      replay,
    };
  },
});

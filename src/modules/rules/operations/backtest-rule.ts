import * as z from "zod";
import { RoutingConfig } from "../../../../contracts/alerts.ts";
import {
  BacktestReport,
  DraftEvent,
  mostInlineEvents,
  mostReplayedEvents,
} from "../../../../contracts/backtest.ts";
import { RuleDefinition } from "../../../../contracts/rules.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { backtestVersions } from "../backtest/backtest-versions.ts";
import { mustFindRule, mustFindRuleVersion } from "../find-rule.ts";

const Instant = z.iso.datetime({ offset: true });

export const backtestRule = defineOperation({
  action: "rules.rule.backtest",
  effect: "read",
  scope: "rules:write",
  summary:
    "Replay stored events through the engine: what would have fired, who would have been told, and how the live version differs",
  input: z
    .strictObject({
      id: z.string(),
      /** The version that is tried; the latest one where neither this nor a definition is given. */
      version: z.int().min(1).optional(),
      definition: RuleDefinition.optional(),
      from: Instant.optional(),
      to: Instant.optional(),
      /** Only the history of these sources. */
      sourceIds: z.array(z.string().min(1)).max(100).optional(),
      /** How alerts would be told; the tenant's own routing otherwise. */
      routing: RoutingConfig.optional(),
      /** Replayed instead of the history. */
      events: z.array(DraftEvent).min(1).max(mostInlineEvents).optional(),
      maxEvents: z.int().min(1).max(mostReplayedEvents).default(mostReplayedEvents),
    })
    .refine((asked) => asked.version === undefined || asked.definition === undefined, {
      path: ["definition"],
      error: "Give a version or a definition, not both.",
    }),
  output: BacktestReport,
  raises: ["not_found"],
  resource: ({ id }) => `rule:${id}`,
  async run(ctx, { id, version, definition, ...asked }) {
    const rule = await mustFindRule(ctx, id);
    const tried =
      definition === undefined
        ? await mustFindRuleVersion(ctx, rule, version ?? rule.latestVersion)
        : { version: null, definition };
    const live =
      rule.liveVersion === null || rule.liveVersion === tried.version
        ? null
        : await mustFindRuleVersion(ctx, rule, rule.liveVersion);
    return backtestVersions(ctx, rule, tried, live, asked);
  },
});

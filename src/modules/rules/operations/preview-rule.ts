import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { previewOf, ScheduledRunPreview } from "../../schedules/index.ts";
import { findSettings } from "../../settings/index.ts";
import { mustFindRule, mustFindRuleVersion } from "../find-rule.ts";
import { pollSchedule } from "../polling/poll-times.rules.ts";

export const previewRule = defineOperation({
  action: "rules.rule.preview",
  effect: "read",
  scope: "rules:read",
  summary:
    "Show the next times at which a schedule rule runs or a metric rule polls, before or after it is published",
  input: z.strictObject({
    id: z.string(),
    /** The live version, or the latest where none is live. */
    version: z.coerce.number().int().min(1).optional(),
    count: z.coerce.number().int().min(1).max(100).default(20),
    after: z.iso.datetime({ offset: true }).optional(),
  }),
  output: z
    .strictObject({
      version: z.int(),
      /** Whether the version is at work, and its rule switched on. */
      atWork: z.boolean(),
      runs: z.array(ScheduledRunPreview),
    })
    .meta({ id: "RulePreview" }),
  raises: ["not_found", "conflict"],
  resource: ({ id }) => `rule:${id}`,
  async run(ctx, { id, version, count, after }) {
    const rule = await mustFindRule(ctx, id);
    const shown = version ?? rule.liveVersion ?? rule.latestVersion;
    const { definition } = await mustFindRuleVersion(ctx, rule, shown);
    const { trigger } = definition;
    if (trigger.kind !== "schedule" && trigger.kind !== "metric") {
      const message = `A ${trigger.kind} rule goes by events; only schedule and metric rules have times to show.`;
      throw problem("conflict", "rules.no_times", message);
    }
    const settings = await findSettings(ctx);
    const schedule =
      trigger.kind === "schedule"
        ? trigger.schedule
        : pollSchedule(rule.id, trigger.metric.intervalMs, settings["polling.intervalMs"]);
    const from = after === undefined ? ctx.now.getTime() : Date.parse(after);
    const atWork = rule.enabled && (shown === rule.liveVersion || shown === rule.shadowVersion);
    return { version: shown, atWork, runs: previewOf(schedule, from, count) };
  },
});

import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { alertFingerprint } from "../../alerts/index.ts";
import { answerWhy, ruleOff } from "../answer-why.rules.ts";
import { mustFindRule, mustFindRuleVersion } from "../find-rule.ts";
import { alertLabels } from "../signals-of.rules.ts";

const RuleExplanation = z
  .strictObject({
    /** False: no event with this key has reached the rule, or it was longer ago than its state is kept. */
    known: z.boolean(),
    key: z.array(z.unknown()),
    at: z.iso.datetime(),
    /** What stopped this key from firing at that instant, or that it fired. */
    answer: z.strictObject({ code: z.string(), detail: z.string() }),
    /** Its alerts now; ask `GET /v1/alerts/{fingerprint}/explanation` who was told of one, and why not. */
    instances: z.array(
      z.strictObject({
        labels: z.record(z.string(), z.string()),
        status: z.string(),
        fingerprint: z.string(),
      }),
    ),
    /** Stretches of like evaluations, oldest first: what was seen, what it said, and what stopped it from firing. */
    trace: z.array(z.record(z.string(), z.unknown())),
  })
  .meta({ id: "RuleExplanation" });

export const explainRule = defineOperation({
  action: "rules.rule.explain",
  effect: "read",
  scope: "rules:read",
  summary: "Say why a rule fired or did not, for one key and an instant: what it saw and what stopped it",
  input: z.strictObject({
    id: z.string(),
    key: z.array(z.json()).max(8).default([]),
    /** Now where it is not given. */
    at: z.iso.datetime({ offset: true }).optional(),
  }),
  output: RuleExplanation,
  raises: ["not_found"],
  resource: ({ id }) => `rule:${id}`,
  async run(ctx, { id, key, at: asked }) {
    const rule = await mustFindRule(ctx, id);
    const at = asked === undefined ? ctx.now : new Date(asked);
    const nothing = { known: false, key, at: at.toISOString(), instances: [], trace: [] };
    if (rule.liveVersion === null || !rule.enabled) return { ...nothing, answer: { ...ruleOff } };
    const { definition } = await mustFindRuleVersion(ctx, rule, rule.liveVersion);
    const { lineage } = rule;
    const [found, health] = await Promise.all([
      ctx.ports.engine.explain(ctx.tenantId, lineage, key),
      ctx.ports.engine.health(ctx.tenantId, rule.id),
    ]);
    const counters = health.find((one) => one.lineage === lineage)?.counters ?? null;
    const known = found === null ? null : { definition, trace: found.trace };
    const answer = { ...answerWhy(known, counters, at.getTime()) };
    if (found === null) return { ...nothing, answer };
    return {
      ...nothing,
      known: true,
      key: [...found.key],
      answer,
      instances: found.instances.map(({ labels, status }) => ({
        labels: { ...labels },
        status,
        fingerprint: alertFingerprint(lineage, alertLabels(labels, definition.name)),
      })),
      trace: found.trace.map((entry) => ({ ...entry })),
    };
  },
});

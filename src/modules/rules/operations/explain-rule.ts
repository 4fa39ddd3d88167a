import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindRule } from "../find-rule.ts";

const RuleExplanation = z
  .strictObject({
    /** False: no event with this key has reached the rule, or it was longer ago than its state is kept. */
    known: z.boolean(),
    key: z.array(z.unknown()),
    instances: z.array(z.strictObject({ labels: z.record(z.string(), z.string()), status: z.string() })),
    /** Stretches of like evaluations, oldest first: what was seen, what it said, and what stopped it from firing. */
    trace: z.array(z.record(z.string(), z.unknown())),
  })
  .meta({ id: "RuleExplanation" });

export const explainRule = defineOperation({
  action: "rules.rule.explain",
  effect: "read",
  scope: "rules:read",
  summary: "Say why a rule fired or did not, for one key: the last evaluations and what stopped each",
  input: z.strictObject({ id: z.string(), key: z.array(z.json()).max(8).default([]) }),
  output: RuleExplanation,
  raises: ["not_found"],
  resource: ({ id }) => `rule:${id}`,
  async run(ctx, { id, key }) {
    const rule = await mustFindRule(ctx, id);
    const found = await ctx.ports.engine.explain(ctx.tenantId, rule.lineage, key);
    if (found === null) return { known: false, key, instances: [], trace: [] };
    return {
      known: true,
      key: [...found.key],
      instances: found.instances.map(({ labels, status }) => ({ labels: { ...labels }, status })),
      trace: found.trace.map((entry) => ({ ...entry })),
    };
  },
});

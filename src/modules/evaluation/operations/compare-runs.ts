import * as z from "zod";
import { Comparison } from "../../../../contracts/comparison.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { compareRuns as decideComparison } from "../comparison/comparison.rules.ts";
import { loadRunScores, mustFindRun } from "../summary/run-scores-of.ts";

export const compareRuns = defineOperation({
  action: "evaluation.run.compare",
  effect: "read",
  scope: "runs:read",
  summary: "Compare two runs case by case: paired differences, intervals, tests and effect sizes",
  input: z.strictObject({
    baseline: z.string(),
    candidate: z.string(),
    metrics: z.array(z.string()).max(50).optional(),
    confidence: z.number().min(0.5).max(0.999).default(0.95),
    correction: z.enum(["bh", "by", "holm", "none"]).default("bh"),
    test: z.enum(["auto", "sign_flip", "wilcoxon", "paired_t"]).default("auto"),
    resamples: z.int().min(1_000).max(100_000).default(10_000),
    seed: z.int().min(0).default(1),
  }),
  output: Comparison.meta({ id: "Comparison" }),
  raises: ["not_found"],
  resource: ({ baseline }) => `run:${baseline}`,
  async run(ctx, { baseline, candidate, metrics, ...options }) {
    const rows = await Promise.all([mustFindRun(ctx, baseline), mustFindRun(ctx, candidate)]);
    const [a, b] = [await loadRunScores(ctx, rows[0]), await loadRunScores(ctx, rows[1])];
    return decideComparison(a, b, { ...options, ...(metrics ? { metrics } : {}) });
  },
});

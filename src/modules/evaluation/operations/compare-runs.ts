import * as z from "zod";
import { Comparison } from "../../../../contracts/comparison.ts";
import type { Run } from "../../../../contracts/runs.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { type FieldProblem, problem } from "../../../kernel/problem.ts";
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
    const before = await mustFindRun(ctx, baseline, "/baseline");
    const after = await mustFindRun(ctx, candidate, "/candidate");
    mustShare(metrics ?? [], before.run, after.run);
    const [a, b] = [await loadRunScores(ctx, before), await loadRunScores(ctx, after)];
    return decideComparison(a, b, { ...options, ...(metrics ? { metrics } : {}) });
  },
});

/** A metric that is asked for and that a run lacks is refused: leaving it out would read as "no difference". */
function mustShare(names: readonly string[], before: Run, after: Run): void {
  const has = (run: Run, name: string) => run.metrics.some((metric) => metric.name === name);
  const errors = names.flatMap((name, index): FieldProblem[] => {
    const without = [before, after].find((run) => !has(run, name));
    if (without === undefined) return [];
    const message = `The run ${without.id} has no metric "${name}".`;
    return [{ pointer: `/metrics/${index}`, code: "unknown_metric", message }];
  });
  const [first] = errors;
  if (first) throw problem("invalid_input", "evaluation.metrics", first.message, { errors });
}

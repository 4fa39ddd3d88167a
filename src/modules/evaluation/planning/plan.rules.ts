import * as z from "zod";
import type { MetricChoice, RunMetric } from "../../../../contracts/runs.ts";
import { type FieldProblem, fieldProblems, problem } from "../../../kernel/problem.ts";
import type { Metric } from "../metric.ts";

export interface PlannedMetric {
  readonly metric: Metric;
  readonly options: unknown;
  readonly threshold: number | null;
}

/** The embedded default: needs no model and says something of answers, contexts and numbers in both languages. */
export const defaultMetrics = [
  "exact_match",
  "token_f1",
  "chrf",
  "rouge_l",
  "number_accuracy",
  "context_token_coverage",
  "context_recall_string",
  "no_answer_accuracy",
] as const;

/** The score that a case must reach when nobody says otherwise: a half, or the middle of a range without one. */
function defaultThreshold({ range: [low, high] }: Metric): number {
  if (low <= 0.5 && high >= 0.5) return 0.5;
  return Number.isFinite(high - low) ? low + (high - low) / 2 : 0;
}

/**
 * Resolves metric choices against the registry. Throws `invalid_input` with one pointer for each unknown metric,
 * wrong option or repeated name.
 */
export function planMetrics(
  choices: readonly MetricChoice[],
  known: ReadonlyMap<string, Metric>,
): PlannedMetric[] {
  const wanted = choices.length > 0 ? choices : defaultMetrics;
  const errors: FieldProblem[] = [];
  const seen = new Set<string>();
  const planned = wanted.flatMap((choice, index): PlannedMetric[] => {
    const { name, options = {}, threshold } = typeof choice === "string" ? { name: choice } : choice;
    const pointer = typeof choice === "string" ? `/metrics/${index}` : `/metrics/${index}/name`;
    const metric = known.get(name);
    if (metric === undefined) {
      errors.push({
        pointer,
        code: "unknown_metric",
        message: `There is no metric "${name}". GET /v1/metrics lists them.`,
      });
      return [];
    }
    if (seen.has(name)) {
      errors.push({ pointer, code: "repeated_metric", message: `The metric "${name}" is named twice.` });
      return [];
    }
    seen.add(name);
    const parsed = z.safeParse(metric.options, options);
    if (!parsed.success) {
      errors.push(...fieldProblems(parsed.error, `/metrics/${index}/options`));
      return [];
    }
    return [{ metric, options: parsed.data, threshold: threshold ?? defaultThreshold(metric) }];
  });
  if (errors.length > 0)
    throw problem("invalid_input", "evaluation.metrics", errors[0]?.message ?? "", { errors });
  return planned;
}

/** The wire form of a plan: what a run records of its metrics. */
export function runMetrics(plan: readonly PlannedMetric[]): RunMetric[] {
  return plan.map(({ metric, options, threshold }) => ({
    name: metric.name,
    options: options as Record<string, unknown>,
    threshold,
    direction: metric.direction,
  }));
}

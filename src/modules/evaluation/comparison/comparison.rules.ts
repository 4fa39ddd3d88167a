import type { Comparison, ComparisonWarning, MetricComparison } from "../../../../contracts/comparison.ts";
import type { MeanEstimate } from "../statistics/mean-estimate.ts";
import { adjustPValues, type Correction } from "../statistics/multiple-testing.ts";
import { isAboveNoise } from "../statistics/noise-floor.ts";
import { groupCases } from "../summary/case-groups.rules.ts";
import type { RunScores } from "../summary/run-scores.ts";
import { signOf } from "../summary/thresholds.rules.ts";
import { fairnessWarnings } from "./fairness.rules.ts";
import {
  type ComparedMetric,
  compareMetric,
  type MetricComparisonOptions,
  type TestChoice,
} from "./metric-comparison.rules.ts";
import { pairCases } from "./pairing.rules.ts";

export interface ComparisonOptions {
  readonly confidence?: number;
  readonly power?: number;
  readonly resamples?: number;
  readonly seed?: number;
  /** How p-values are corrected over the metrics, Benjamini-Hochberg by default. */
  readonly correction?: Correction;
  /** `auto`: McNemar for pass/fail metrics, else sign flips (paired t above 5,000 pairs). */
  readonly test?: TestChoice;
  readonly topCases?: number;
  /** Only these metrics; all that both runs have by default. */
  readonly metrics?: readonly string[];
}

/** A comparison with the estimates behind it, which don't travel. */
export interface ComparisonInDetail {
  readonly comparison: Comparison;
  /** The improvement of each metric, positive where the candidate is better. */
  readonly improvements: ReadonlyMap<string, MeanEstimate>;
}

/** Compares a candidate run with a baseline, metric by metric over the cases that both have. */
export function compareRuns(
  baseline: RunScores,
  candidate: RunScores,
  options: ComparisonOptions = {},
): Comparison {
  return compareRunsInDetail(baseline, candidate, options).comparison;
}

/** As `compareRuns`, with the estimates a gate decides on. */
export function compareRunsInDetail(
  baseline: RunScores,
  candidate: RunScores,
  options: ComparisonOptions = {},
): ComparisonInDetail {
  const { correction = "bh" } = options;
  const settings: MetricComparisonOptions = {
    confidence: options.confidence ?? 0.95,
    power: options.power ?? 0.8,
    resamples: options.resamples ?? 10_000,
    seed: options.seed ?? 1,
    test: options.test ?? "auto",
    topCases: options.topCases ?? 10,
  };
  const { pairs, pairing } = pairCases(groupCases(baseline.cases), groupCases(candidate.cases));
  const shared = new Set(candidate.metrics.map(({ name }) => name));
  const compared = baseline.metrics
    .filter(({ name }) => shared.has(name) && (options.metrics?.includes(name) ?? true))
    .map((metric) => compareMetric(metric, pairs, settings));
  return {
    comparison: {
      baseline: baseline.reference,
      candidate: candidate.reference,
      confidence: settings.confidence,
      correction,
      resamples: settings.resamples,
      seed: settings.seed,
      pairing,
      metrics: withAdjustedPValues(compared, correction, 1 - settings.confidence),
      warnings: [
        ...fairnessWarnings(baseline, candidate, pairs, pairing),
        ...compared.flatMap(({ comparison }) => unscoredWarning(comparison.metric, comparison.unscoredPairs)),
      ],
    },
    improvements: new Map(
      compared.flatMap(({ comparison, improvement }) =>
        improvement === null ? [] : [[comparison.metric, improvement]],
      ),
    ),
  };
}

function unscoredWarning(metric: string, unscored: number): ComparisonWarning[] {
  if (unscored === 0) return [];
  const message = `The metric "${metric}" has pairs without a score on one side or both.`;
  return [{ code: "unscored_pairs", severity: "note", metric, count: unscored, message }];
}

function withAdjustedPValues(
  compared: readonly ComparedMetric[],
  correction: Correction,
  alpha: number,
): MetricComparison[] {
  const tested = compared.filter(({ test }) => test !== null);
  const adjusted = adjustPValues(
    tested.map(({ test }) => test?.pValue ?? 1),
    correction,
  );
  const adjustedOf = new Map(tested.map((metric, index) => [metric, adjusted[index] ?? 1]));
  return compared.map((metric) => {
    const { test, comparison } = metric;
    const adjustedPValue = adjustedOf.get(metric) ?? 1;
    return {
      ...comparison,
      test: test && { ...test, adjustedPValue },
      change: test !== null && adjustedPValue <= alpha ? changeOf(comparison) : "no_evidence",
    };
  });
}

function changeOf(comparison: ComparedMetric["comparison"]): MetricComparison["change"] {
  const { interval, difference, direction, noise } = comparison;
  if (interval === null || difference === null) return "no_evidence";
  const excludesZero = interval.low > 0 || interval.high < 0;
  if (!excludesZero || !isAboveNoise(difference, noise)) return "no_evidence";
  return signOf(direction) * difference > 0 ? "better" : "worse";
}

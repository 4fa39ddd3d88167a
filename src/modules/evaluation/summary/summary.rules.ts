import type {
  Interval,
  MetricSummary,
  RunSummary,
  StatusCounts,
  StatusReason,
} from "../../../../contracts/comparison.ts";
import { mean, quantiles, standardDeviation } from "../statistics/descriptive.ts";
import { estimateMean } from "../statistics/mean-estimate.ts";
import { wilsonInterval } from "../statistics/rate-interval.ts";
import { type CaseGroup, groupCases, isBinary, scoresOf } from "./case-groups.rules.ts";
import type { CaseScores, RunMetric, RunScores } from "./run-scores.ts";
import { meetsLimit } from "./thresholds.rules.ts";

export interface SummaryOptions {
  readonly confidence?: number;
  readonly resamples?: number;
  readonly seed?: number;
}

/** Every metric of a run over its cases, and what the run used in sum. */
export function summarizeRun(
  run: Pick<RunScores, "metrics" | "cases">,
  options: SummaryOptions = {},
): RunSummary {
  const groups = groupCases(run.cases);
  const metrics = run.metrics.map((metric) => summarizeGroups(metric, groups, options));
  return {
    cases: groups.length,
    metrics,
    tokens: {
      input: metrics.reduce((sum, { tokens }) => sum + tokens.input, 0),
      output: metrics.reduce((sum, { tokens }) => sum + tokens.output, 0),
    },
    costMicros: metrics.reduce((sum, { costMicros }) => sum + costMicros, 0),
    unpricedResults: metrics.reduce((sum, { unpricedResults }) => sum + unpricedResults, 0),
  };
}

/** One metric over the rows of a run, see `MetricSummary`. */
export function summarizeMetric(
  metric: RunMetric,
  cases: readonly CaseScores[],
  options: SummaryOptions = {},
): MetricSummary {
  return summarizeGroups(metric, groupCases(cases), options);
}

function summarizeGroups(
  metric: RunMetric,
  groups: readonly CaseGroup[],
  options: SummaryOptions,
): MetricSummary {
  const usage = usageOf(metric.name, groups);
  const total = Object.values(usage.counts).reduce((sum, count) => sum + count, 0);
  const scores = groups.flatMap((group) => mean(scoresOf(group, metric.name)) ?? []);
  const [p10, p50, p90] = quantiles(scores, [0.1, 0.5, 0.9]);
  const centre = mean(scores);
  const { threshold, direction } = metric;
  const failed = scores.filter(
    (score) => threshold !== undefined && !meetsLimit(score, threshold, direction),
  );
  return {
    metric: metric.name,
    direction,
    total,
    counts: usage.counts,
    coverage: total === 0 ? null : usage.counts.scored / total,
    cases: scores.length,
    mean: centre,
    sd: standardDeviation(scores),
    interval: scoreInterval(scores, metric.binary, options),
    p10: p10 ?? null,
    p50: p50 ?? null,
    p90: p90 ?? null,
    threshold: threshold ?? null,
    casesFailed: threshold === undefined ? null : failed.length,
    meetsThreshold:
      threshold === undefined || centre === null ? null : meetsLimit(centre, threshold, direction),
    reasons: usage.reasons,
    tokens: usage.tokens,
    costMicros: usage.costMicros,
    unpricedResults: usage.unpricedResults,
  };
}

/**
 * The interval of a mean of case scores: Wilson where every score is 0 or 1, else the bootstrap (`estimateMean`).
 * Null for no score, or for a single one that isn't a pass or a fail.
 */
export function scoreInterval(
  scores: readonly number[],
  binary: boolean | undefined,
  { confidence = 0.95, ...resampling }: SummaryOptions,
): Interval | null {
  if ((binary ?? true) && isBinary(scores)) {
    return wilsonInterval(scores.filter((score) => score === 1).length, scores.length, confidence);
  }
  return estimateMean(scores, resampling)?.interval(confidence) ?? null;
}

interface Usage {
  readonly counts: StatusCounts;
  readonly reasons: StatusReason[];
  readonly tokens: { input: number; output: number };
  readonly costMicros: number;
  readonly unpricedResults: number;
}

function usageOf(metric: string, groups: readonly CaseGroup[]): Usage {
  const counts: StatusCounts = { scored: 0, not_applicable: 0, judge_error: 0, cancelled: 0, missing: 0 };
  const reasons = new Map<string, StatusReason>();
  const tokens = { input: 0, output: 0 };
  let costMicros = 0;
  let unpricedResults = 0;
  for (const { results } of groups.flatMap(({ rows }) => rows)) {
    const result = Object.hasOwn(results, metric) ? results[metric] : undefined;
    if (result === undefined) {
      counts.missing++;
      continue;
    }
    const { status, reasonCode } = result;
    counts[status]++;
    tokens.input += result.tokens.input;
    tokens.output += result.tokens.output;
    if (result.costMicros === null) unpricedResults++;
    else costMicros += result.costMicros;
    if (status === "scored") continue;
    const key = JSON.stringify([status, reasonCode]);
    const reason = reasons.get(key) ?? { status, reasonCode, count: 0 };
    reason.count++;
    reasons.set(key, reason);
  }
  const byCount = [...reasons.values()].sort(
    (a, b) => b.count - a.count || (a.reasonCode < b.reasonCode ? -1 : 1),
  );
  return { counts, reasons: byCount, tokens, costMicros, unpricedResults };
}

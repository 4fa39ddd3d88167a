import type {
  ComparisonWarning,
  GateMetricVerdict,
  GateOutcome,
  GatePolicy,
  GateReason,
  GateRule,
  MetricComparison,
} from "../../../../contracts/comparison.ts";
import { mean } from "../statistics/descriptive.ts";
import type { MeanEstimate } from "../statistics/mean-estimate.ts";
import { isAboveNoise } from "../statistics/noise-floor.ts";
import { pairsNeeded } from "../statistics/power.ts";
import { type CaseGroup, caseScore, isScored } from "../summary/case-groups.rules.ts";
import type { RunScores } from "../summary/run-scores.ts";
import { meetsLimit } from "../summary/thresholds.rules.ts";

/** What the comparison says of one gated metric. */
export interface ComparedForGate {
  readonly comparison: MetricComparison;
  readonly improvement: MeanEstimate | null;
  /** Cases of the baseline, paired or not. */
  readonly baselineCases: number;
}

/** What every metric of a gate is judged by. */
export interface GateInput {
  readonly candidate: Pick<RunScores, "metrics">;
  readonly groups: readonly CaseGroup[];
  readonly hasBaseline: boolean;
  readonly policy: GatePolicy;
  readonly warnings: readonly ComparisonWarning[];
}

/** The verdict on one metric before Holm's correction, which needs all of them. */
export function judgeMetric(
  rule: GateRule,
  compared: ComparedForGate | null,
  input: GateInput,
): GateMetricVerdict {
  const numbers = measure(rule, compared, input);
  const improvement = compared?.improvement ?? null;
  const reason =
    candidateReason(numbers) ??
    pairReason(numbers, compared, input) ??
    intervalReason(numbers, improvement, input.policy);
  return {
    ...numbers,
    outcome: outcomeOf(reason),
    reason,
    pairsNeeded: needed(reason, numbers, improvement, input.policy),
  };
}

/** Every reason means one outcome. */
export function outcomeOf(reason: GateReason): GateOutcome {
  if (reason === "not_worse" || reason === "floor_held") return "pass";
  return reason === "proved_worse" || reason === "floor_broken" ? "fail" : "inconclusive";
}

type Numbers = Omit<GateMetricVerdict, "outcome" | "reason" | "pairsNeeded">;

function measure(
  rule: GateRule,
  compared: ComparedForGate | null,
  { candidate, groups, policy }: GateInput,
): Numbers {
  const rows = groups.flatMap((group) => group.rows);
  const scored = rows.filter((row) => isScored(row, rule.metric)).length;
  const comparison = compared?.comparison;
  const known = candidate.metrics.find(({ name }) => name === rule.metric);
  return {
    metric: rule.metric,
    direction: known?.direction ?? null,
    margin: rule.margin,
    floor: rule.floor ?? null,
    minCoverage: rule.minCoverage ?? policy.minCoverage,
    coverage: rows.length === 0 ? null : scored / rows.length,
    pairCoverage:
      compared && compared.baselineCases > 0 ? compared.comparison.pairs / compared.baselineCases : null,
    pairs: comparison?.pairs ?? 0,
    meanBaseline: comparison?.meanBaseline ?? null,
    meanCandidate: mean(groups.flatMap((group) => caseScore(group, rule.metric) ?? [])),
    difference: comparison?.difference ?? null,
    interval: comparison?.interval ?? null,
    pWorse: compared?.improvement?.pBelow(-rule.margin) ?? null,
    adjustedPWorse: null,
    noiseError: noiseError(rule, comparison?.noise?.differenceError ?? null),
    smallestDetectableEffect: comparison?.smallestDetectableEffect ?? null,
  };
}

/** The larger of what repeats in these runs show and what was measured before, √2·sd for the difference of two runs. */
function noiseError(rule: GateRule, seen: number | null): number | null {
  if (rule.noiseSd === undefined) return seen;
  return Math.max(seen ?? 0, Math.SQRT2 * rule.noiseSd);
}

/** What the candidate alone decides. A lack of scores comes before the floor: it says nothing about quality. */
function candidateReason({
  direction,
  coverage,
  minCoverage,
  meanCandidate,
  floor,
}: Numbers): GateReason | null {
  if (direction === null) return "metric_missing";
  if (coverage === null || meanCandidate === null || coverage < minCoverage) return "low_coverage";
  return floor !== null && !meetsLimit(meanCandidate, floor, direction) ? "floor_broken" : null;
}

/** Whether there are pairs enough, and fair ones, to look at the difference. */
function pairReason(
  { floor, pairCoverage, minCoverage, pairs, metric }: Numbers,
  compared: ComparedForGate | null,
  { hasBaseline, policy, warnings }: GateInput,
): GateReason | null {
  if (compared === null) return hasBaseline || floor === null ? "no_baseline" : "floor_held";
  const unfair = warnings.some(
    (warning) => warning.severity === "unfair" && (warning.metric === null || warning.metric === metric),
  );
  if (unfair && policy.onUnfair === "inconclusive") return "unfair_comparison";
  if (pairCoverage === null || pairCoverage < minCoverage) return "low_pair_coverage";
  return pairs < policy.minPairs ? "too_few_pairs" : null;
}

function intervalReason(
  { margin, noiseError: error }: Numbers,
  improvement: MeanEstimate | null,
  { confidence }: GatePolicy,
): GateReason {
  if (improvement === null) return "too_few_pairs";
  const { low, high } = improvement.interval(confidence);
  if (low > -margin) return "not_worse";
  if (high >= -margin) return "not_decided";
  const noise = error === null ? null : { sd: error, differenceError: error };
  return isAboveNoise(improvement.mean, noise) ? "proved_worse" : "within_noise";
}

function needed(
  reason: GateReason,
  { margin }: Numbers,
  improvement: MeanEstimate | null,
  { confidence, power, minPairs }: GatePolicy,
): number | null {
  if (reason === "too_few_pairs") return minPairs;
  if (reason !== "not_decided" || improvement === null) return null;
  const more = pairsNeeded(improvement.sd, improvement.mean + margin, { alpha: 1 - confidence, power });
  return more === null ? null : Math.max(more, improvement.n + 1);
}

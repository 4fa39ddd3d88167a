import type { CaseChange, MetricComparison, MetricDirection } from "../../../../contracts/comparison.ts";
import { mean } from "../statistics/descriptive.ts";
import { cliffsDelta, cohenDz, hedgesG, rankBiserial, riskDifference } from "../statistics/effect-size.ts";
import { mcnemarTest } from "../statistics/mcnemar.ts";
import { estimateMean, largeSample, type MeanEstimate } from "../statistics/mean-estimate.ts";
import { noiseOfRepeats } from "../statistics/noise-floor.ts";
import { pairedT } from "../statistics/paired-t.ts";
import { smallestDetectableEffect } from "../statistics/power.ts";
import { signFlipTest } from "../statistics/sign-flip.ts";
import { wilcoxonTest } from "../statistics/wilcoxon.ts";
import { isBinary, scoresOf } from "../summary/case-groups.rules.ts";
import type { RunMetric } from "../summary/run-scores.ts";
import { signOf } from "../summary/thresholds.rules.ts";
import type { CasePair } from "./pairing.rules.ts";

export type TestChoice = "auto" | "sign_flip" | "wilcoxon" | "paired_t" | "mcnemar";

export interface MetricComparisonOptions {
  readonly confidence: number;
  readonly power: number;
  readonly resamples: number;
  readonly seed: number;
  readonly test: TestChoice;
  /** Cases listed as regressions and as improvements. */
  readonly topCases: number;
}

type Test = Omit<NonNullable<MetricComparison["test"]>, "adjustedPValue">;

/** A metric compared by itself, before p-values are corrected for how many metrics there are. */
export interface ComparedMetric {
  readonly comparison: Omit<MetricComparison, "test" | "change">;
  readonly test: Test | null;
  /** The estimate of candidate − baseline turned so that positive is better. */
  readonly improvement: MeanEstimate | null;
}

interface ScoredPair {
  readonly pair: CasePair;
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly meanA: number;
  readonly meanB: number;
  readonly difference: number;
}

/** Compares one metric over paired cases: repeats are averaged inside a case, then cases are the unit. */
export function compareMetric(
  metric: RunMetric,
  pairs: readonly CasePair[],
  options: MetricComparisonOptions,
): ComparedMetric {
  const scored = scoredPairs(metric.name, pairs);
  const a = scored.map(({ meanA }) => meanA);
  const b = scored.map(({ meanB }) => meanB);
  const differences = scored.map(({ difference }) => difference);
  const sign = signOf(metric.direction);
  const improvement = estimateMean(
    differences.map((d) => sign * d),
    { resamples: options.resamples, seed: options.seed },
  );
  const passFail = metric.binary !== false && isBinary(a) && isBinary(b);
  const sd = improvement?.sd ?? null;
  const limits = improvement?.interval(options.confidence) ?? null;
  const alpha = 1 - options.confidence;
  const power = { alpha, power: options.power };
  return {
    improvement,
    test: testOf(options, passFail, a, b, differences),
    comparison: {
      metric: metric.name,
      direction: metric.direction,
      pairs: scored.length,
      unscoredPairs: pairs.length - scored.length,
      meanBaseline: mean(a),
      meanCandidate: mean(b),
      difference: mean(differences),
      sdDifference: sd,
      interval: limits !== null && sign < 0 ? { ...limits, low: -limits.high, high: -limits.low } : limits,
      effect: {
        cohenDz: cohenDz(differences),
        hedgesG: hedgesG(differences),
        cliffsDelta: cliffsDelta(a, b),
        rankBiserial: rankBiserial(differences),
        riskDifference: passFail ? riskDifference(passes(a), passes(b), a.length) : null,
      },
      smallestDetectableEffect: sd === null ? null : smallestDetectableEffect(sd, scored.length, power),
      noise: noiseOfRepeats(scored),
      casesBetter: differences.filter((d) => sign * d > 0).length,
      casesWorse: differences.filter((d) => sign * d < 0).length,
      casesEqual: differences.filter((d) => d === 0).length,
      regressions: topChanges(scored, metric.direction, "worse", options.topCases),
      improvements: topChanges(scored, metric.direction, "better", options.topCases),
    },
  };
}

function scoredPairs(metric: string, pairs: readonly CasePair[]): ScoredPair[] {
  return pairs.flatMap((pair) => {
    const a = scoresOf(pair.baseline, metric);
    const b = scoresOf(pair.candidate, metric);
    const meanA = mean(a);
    const meanB = mean(b);
    if (meanA === null || meanB === null) return [];
    // Averages of repeats that agree on paper may differ in the last bits: that is no change.
    const raw = meanB - meanA;
    const difference = Math.abs(raw) <= 1e-12 * Math.max(Math.abs(meanA), Math.abs(meanB)) ? 0 : raw;
    return [{ pair, a, b, meanA, meanB, difference }];
  });
}

function passes(scores: readonly number[]): number {
  return scores.filter((score) => score === 1).length;
}

function testOf(
  { test, seed, resamples }: MetricComparisonOptions,
  passFail: boolean,
  a: readonly number[],
  b: readonly number[],
  differences: readonly number[],
): Test | null {
  if (differences.length === 0) return null;
  if (passFail && (test === "auto" || test === "mcnemar")) {
    const onlyA = differences.filter((_, index) => a[index] === 1 && b[index] === 0).length;
    const onlyB = differences.filter((_, index) => a[index] === 0 && b[index] === 1).length;
    const { pValue, exact } = mcnemarTest(onlyA, onlyB);
    return { name: "mcnemar", pValue, exact };
  }
  if (test === "wilcoxon") {
    const result = wilcoxonTest(differences);
    return result && { name: "wilcoxon", pValue: result.pValue, exact: result.exact };
  }
  if (test === "paired_t" || (test !== "sign_flip" && differences.length > largeSample)) {
    const result = pairedT(differences);
    return result && { name: "paired_t", pValue: Math.min(1, result.pValue), exact: false };
  }
  const result = signFlipTest(differences, { seed, permutations: resamples });
  return result && { name: "sign_flip", ...result };
}

function topChanges(
  scored: readonly ScoredPair[],
  direction: MetricDirection,
  side: "better" | "worse",
  limit: number,
): CaseChange[] {
  const sign = signOf(direction) * (side === "better" ? 1 : -1);
  return scored
    .filter(({ difference }) => sign * difference > 0)
    .sort((x, y) => sign * (y.difference - x.difference))
    .slice(0, limit)
    .map(({ pair, meanA, meanB, difference }) => ({
      baselineCaseId: pair.baseline.caseId,
      candidateCaseId: pair.candidate.caseId,
      baseline: meanA,
      candidate: meanB,
      difference,
    }));
}

import { midRanks } from "./descriptive.ts";

/** A probability in [0, 1] that something is good, and whether it was. */
export interface Prediction {
  readonly score: number;
  readonly good: boolean;
}

function requireProbabilities(predictions: readonly Prediction[]): void {
  for (const { score } of predictions) {
    if (!(score >= 0 && score <= 1)) throw new RangeError(`a score must lie in [0, 1], not ${score}`);
  }
}

/** The Brier score, mean (p − y)², 0 best (Brier 1950); null for no prediction. */
export function brierScore(predictions: readonly Prediction[]): number | null {
  requireProbabilities(predictions);
  if (predictions.length === 0) return null;
  const sum = predictions.reduce((total, { score, good }) => total + (score - (good ? 1 : 0)) ** 2, 0);
  return sum / predictions.length;
}

/**
 * The expected calibration error: Σ n_b/n · |share good − mean score| over equal-width bins, (k/bins, (k+1)/bins]
 * with 0 in the first (Guo et al. 2017); null for no prediction.
 */
export function expectedCalibrationError(predictions: readonly Prediction[], bins = 10): number | null {
  requireProbabilities(predictions);
  if (predictions.length === 0) return null;
  const gaps = new Float64Array(bins);
  for (const { score, good } of predictions) {
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(score * bins) - 1));
    gaps[bin] = (gaps[bin] as number) + (good ? 1 : 0) - score;
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / predictions.length;
}

/** The area under the ROC curve, P(good scores above bad) with ties half (Mann-Whitney); null unless both occur. */
export function areaUnderCurve(predictions: readonly Prediction[]): number | null {
  const { ranks } = midRanks(predictions.map(({ score }) => score));
  let good = 0;
  let rankSum = 0;
  for (const [index, prediction] of predictions.entries()) {
    if (!prediction.good) continue;
    good++;
    rankSum += ranks[index] as number;
  }
  const bad = predictions.length - good;
  return good === 0 || bad === 0 ? null : (rankSum - (good * (good + 1)) / 2) / (good * bad);
}

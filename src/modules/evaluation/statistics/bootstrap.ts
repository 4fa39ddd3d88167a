import { type Random, seededRandom } from "../../../kernel/random.ts";
import { allEqual, quantileOfSorted, requireFinite } from "./descriptive.ts";
import { normalCdf, normalQuantile } from "./normal.ts";

export type BootstrapMethod = "bca" | "percentile";

export interface BootstrapOptions {
  /** How many resamples, 10,000 by default. */
  readonly resamples?: number;
  /** The seed of the resampling, 1 by default: the same values and seed give the same interval. */
  readonly seed?: number;
}

/** The bootstrap distribution of a mean, with what BCa corrects it by. */
export interface BootstrapMean {
  readonly estimate: number;
  readonly n: number;
  /** The means of the resamples, ascending. */
  readonly means: Float64Array;
  /** z0, the normal quantile of the share of resampled means below the estimate (equal ones count half). */
  readonly bias: number;
  /** The skewness of the jackknife, a = Σd³ / (6 (Σd²)^1.5). */
  readonly acceleration: number;
}

/**
 * Resamples values with replacement and takes the mean of each resample (Efron and Tibshirani 1993, chapters 13-14).
 * For two runs pass the paired differences. Null below two values; all values equal gives a distribution of one point.
 */
export function bootstrapMean(
  values: readonly number[],
  options: BootstrapOptions = {},
): BootstrapMean | null {
  requireFinite(values);
  const n = values.length;
  if (n < 2) return null;
  const data = Float64Array.from(values);
  if (allEqual(values)) {
    const only = data[0] as number;
    return { estimate: only, n, means: Float64Array.of(only), bias: 0, acceleration: 0 };
  }
  const means = resampledMeans(data, options.resamples ?? 10_000, seededRandom(options.seed ?? 1));
  const estimate = data.reduce((sum, value) => sum + value, 0) / n;
  return { estimate, n, means, bias: biasOf(means, estimate), acceleration: accelerationOf(data, estimate) };
}

function resampledMeans(data: Float64Array, resamples: number, random: Random): Float64Array {
  const n = data.length;
  const means = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += data[(random() * n) | 0] as number;
    means[b] = sum / n;
  }
  return means.sort();
}

function biasOf(means: Float64Array, estimate: number): number {
  // The same numbers summed in another order differ in the last bits; they are still the estimate.
  const slack = 1e-12 * Math.max(Math.abs(means[0] as number), Math.abs(means[means.length - 1] as number));
  const below = countBelow(means, estimate - slack);
  const notAbove = countBelow(means, estimate + slack);
  const share = (below + notAbove) / (2 * means.length);
  const edge = 0.5 / means.length;
  return normalQuantile(Math.min(Math.max(share, edge), 1 - edge));
}

function accelerationOf(data: Float64Array, estimate: number): number {
  let squares = 0;
  let cubes = 0;
  for (const value of data) {
    const d = value - estimate;
    squares += d * d;
    cubes += d * d * d;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

/** How many ascending values lie strictly below x. */
function countBelow(sorted: Float64Array, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The two-sided confidence limits of the mean; `confidence` in (0, 1). */
export function bootstrapLimits(
  boot: BootstrapMean,
  confidence: number,
  method: BootstrapMethod = "bca",
): { low: number; high: number } {
  const limit = (level: number): number => {
    const share = method === "percentile" ? level : bcaShare(boot, normalQuantile(level));
    return quantileOfSorted(boot.means, share) ?? boot.estimate;
  };
  return { low: limit((1 - confidence) / 2), high: limit((1 + confidence) / 2) };
}

/** The share of the bootstrap distribution that BCa puts at the normal quantile z. */
function bcaShare({ bias, acceleration }: BootstrapMean, z: number): number {
  const scale = 1 - acceleration * (bias + z);
  if (scale <= 0) return z > 0 ? 1 : 0;
  return normalCdf(bias + (bias + z) / scale);
}

/**
 * The one-sided p-value of "the mean is x or more": the smallest level at which the upper limit lies below x. It is
 * the interval turned round, so p ≤ (1 − c)/2 exactly when the upper limit at confidence c is below x; never under
 * 1/(B + 1).
 */
export function bootstrapPBelow(boot: BootstrapMean, x: number, method: BootstrapMethod = "bca"): number {
  const { means, bias, acceleration } = boot;
  if (means.length === 1) return boot.estimate < x ? 0 : 1;
  const floor = 1 / (means.length + 1);
  const below = countBelow(means, x);
  if (below === 0) return 1;
  if (below === means.length) return floor;
  const previous = means[below - 1] as number;
  const next = means[below] as number;
  const share = (below - 1 + (x - previous) / (next - previous)) / (means.length - 1);
  if (method === "percentile") return Math.max(floor, 1 - share);
  const shifted = normalQuantile(share) - bias;
  const z = shifted / (1 + acceleration * shifted) - bias;
  return Math.max(floor, normalCdf(-z));
}

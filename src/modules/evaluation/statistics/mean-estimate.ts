import type { Interval } from "../../../../contracts/comparison.ts";
import { type BootstrapOptions, bootstrapLimits, bootstrapMean, bootstrapPBelow } from "./bootstrap.ts";
import { mean, requireFinite, standardDeviation } from "./descriptive.ts";
import { tCdf, tQuantile } from "./student-t.ts";

/** Above this many values resampling costs seconds of CPU and agrees with Student's t to the third digit. */
export const largeSample = 5_000;

/** A mean with its uncertainty: the interval at any confidence, and the p-value of "the mean is x or more". */
export interface MeanEstimate {
  readonly n: number;
  readonly mean: number;
  readonly sd: number;
  readonly interval: (confidence: number) => Interval;
  readonly pBelow: (x: number) => number;
}

/**
 * Estimates the mean of values (scores, or paired differences): BCa bootstrap up to `largeSample` values, Student's t
 * above. Null below two values.
 */
export function estimateMean(values: readonly number[], options: BootstrapOptions = {}): MeanEstimate | null {
  requireFinite(values);
  const centre = mean(values);
  const sd = standardDeviation(values);
  if (centre === null || sd === null) return null;
  const n = values.length;
  if (n > largeSample && sd > 0) return byStudentT(n, centre, sd);
  const boot = bootstrapMean(values, options);
  if (boot === null) return null;
  return {
    n,
    mean: boot.estimate,
    sd,
    interval: (confidence) => ({ ...bootstrapLimits(boot, confidence), confidence, method: "bca" }),
    pBelow: (x) => bootstrapPBelow(boot, x),
  };
}

function byStudentT(n: number, centre: number, sd: number): MeanEstimate {
  const error = sd / Math.sqrt(n);
  return {
    n,
    mean: centre,
    sd,
    interval: (confidence) => {
      const reach = tQuantile((1 + confidence) / 2, n - 1) * error;
      return { low: centre - reach, high: centre + reach, confidence, method: "t" };
    },
    pBelow: (x) => tCdf((centre - x) / error, n - 1),
  };
}

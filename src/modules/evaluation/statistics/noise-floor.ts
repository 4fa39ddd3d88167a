import { standardDeviation } from "./descriptive.ts";

/** How much a score moves when nothing changed. */
export interface NoiseFloor {
  /** The standard deviation that repeats of the same configuration show. */
  readonly sd: number;
  /** The standard error that noise alone gives the difference of two runs' means. */
  readonly differenceError: number;
}

/**
 * The noise of whole runs from the means of repeated runs of one configuration: their sd, and √2·sd for the
 * difference of two single runs. Null below two runs.
 */
export function noiseOfRuns(runMeans: readonly number[]): NoiseFloor | null {
  const sd = standardDeviation(runMeans);
  return sd === null ? null : { sd, differenceError: Math.SQRT2 * sd };
}

/**
 * The noise inside cases from repeats of them in two runs: the within-case sd pooled over every case with at least two
 * scores, and sd·√Σ(1/rᴬ + 1/rᴮ)/n for the difference of the means over the n paired cases. Null without a repeat.
 */
export function noiseOfRepeats(
  pairs: readonly { readonly a: readonly number[]; readonly b: readonly number[] }[],
): NoiseFloor | null {
  let squares = 0;
  let freedom = 0;
  let shares = 0;
  for (const { a, b } of pairs) {
    for (const scores of [a, b]) {
      const sd = standardDeviation(scores);
      if (sd !== null) {
        squares += sd * sd * (scores.length - 1);
        freedom += scores.length - 1;
      }
      shares += 1 / scores.length;
    }
  }
  if (freedom === 0) return null;
  const sd = Math.sqrt(squares / freedom);
  return { sd, differenceError: (sd * Math.sqrt(shares)) / pairs.length };
}

/** Whether a change is at least twice the error that noise alone explains (Miller 2024, arXiv 2411.00640). */
export function isAboveNoise(difference: number, noise: NoiseFloor | null): boolean {
  return noise === null || Math.abs(difference) >= 2 * noise.differenceError;
}

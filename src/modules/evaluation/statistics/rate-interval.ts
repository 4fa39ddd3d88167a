import type { Interval } from "../../../../contracts/comparison.ts";
import { betaQuantile } from "./beta.ts";
import { normalQuantile } from "./normal.ts";

/** Wilson's score interval of a rate (Wilson 1927), without continuity correction; null for n = 0. */
export function wilsonInterval(successes: number, n: number, confidence = 0.95): Interval | null {
  if (n === 0) return null;
  const z = normalQuantile((1 + confidence) / 2);
  const rate = successes / n;
  const scale = 1 + (z * z) / n;
  const centre = (rate + (z * z) / (2 * n)) / scale;
  const reach = (z / scale) * Math.sqrt((rate * (1 - rate)) / n + (z * z) / (4 * n * n));
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - reach),
    high: successes === n ? 1 : Math.min(1, centre + reach),
    confidence,
    method: "wilson",
  };
}

/** The Clopper-Pearson interval of a rate: never covers less than `confidence`, so wider; null for n = 0. */
export function clopperPearsonInterval(successes: number, n: number, confidence = 0.95): Interval | null {
  if (n === 0) return null;
  const tail = (1 - confidence) / 2;
  return {
    low: successes === 0 ? 0 : betaQuantile(tail, successes, n - successes + 1),
    high: successes === n ? 1 : betaQuantile(1 - tail, successes + 1, n - successes),
    confidence,
    method: "clopper_pearson",
  };
}

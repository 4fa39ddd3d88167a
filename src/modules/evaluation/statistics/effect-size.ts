import { mean, standardDeviation } from "./descriptive.ts";
import { wilcoxonTest } from "./wilcoxon.ts";

/** Cohen's d_z of paired differences, mean / sample sd; 0 when all are zero, null where it has no finite value. */
export function cohenDz(differences: readonly number[]): number | null {
  const centre = mean(differences);
  const sd = standardDeviation(differences);
  if (centre === null || sd === null) return null;
  if (sd === 0) return centre === 0 ? 0 : null;
  return centre / sd;
}

/** d_z with Hedges' small-sample factor 1 − 3/(4·df − 1), df = n − 1; null as `cohenDz`. */
export function hedgesG(differences: readonly number[]): number | null {
  const dz = cohenDz(differences);
  return dz === null ? null : dz * (1 - 3 / (4 * (differences.length - 1) - 1));
}

/** Cliff's δ = P(b > a) − P(b < a) over all cross pairs, from −1 to 1; null when a side is empty. O(n log n). */
export function cliffsDelta(a: readonly number[], b: readonly number[]): number | null {
  if (a.length === 0 || b.length === 0) return null;
  const sorted = Float64Array.from(a).sort();
  let balance = 0;
  let below = 0;
  let notAbove = 0;
  for (const value of Float64Array.from(b).sort()) {
    while (below < sorted.length && (sorted[below] as number) < value) below++;
    while (notAbove < sorted.length && (sorted[notAbove] as number) <= value) notAbove++;
    balance += below - (sorted.length - notAbove);
  }
  return balance / (a.length * b.length);
}

/** Matched-pairs rank-biserial correlation (W+ − W−)/(W+ + W−), zeros dropped (Kerby 2014); all zero gives 0. */
export function rankBiserial(differences: readonly number[]): number | null {
  const ranked = wilcoxonTest(differences);
  if (ranked === null) return null;
  const sum = ranked.plus + ranked.minus;
  return sum === 0 ? 0 : (ranked.plus - ranked.minus) / sum;
}

/** The difference of two pass rates over the same cases, (passes B − passes A) / n; null for no case. */
export function riskDifference(passesA: number, passesB: number, n: number): number | null {
  return n === 0 ? null : (passesB - passesA) / n;
}

import { mean, midRanks } from "./descriptive.ts";

/** Pearson's r of paired values; null below three pairs or when a side does not vary. */
export function pearson(a: readonly number[], b: readonly number[]): number | null {
  if (a.length !== b.length) throw new RangeError(`correlation needs pairs: ${a.length} and ${b.length}`);
  const meanA = mean(a);
  const meanB = mean(b);
  if (meanA === null || meanB === null || a.length < 3) return null;
  let cross = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (const [index, value] of a.entries()) {
    const da = value - meanA;
    const db = (b[index] as number) - meanB;
    cross += da * db;
    squaresA += da * da;
    squaresB += db * db;
  }
  const scale = Math.sqrt(squaresA) * Math.sqrt(squaresB);
  // A constant column leaves rounding dust in its squares, not a direction.
  if (squaresA <= 1e-20 * a.length * meanA ** 2 || squaresB <= 1e-20 * b.length * meanB ** 2) return null;
  return Math.min(1, Math.max(-1, cross / scale));
}

/** Spearman's ρ: Pearson's r of the mid-ranks; null as `pearson`. */
export function spearman(a: readonly number[], b: readonly number[]): number | null {
  return pearson(midRanks(a).ranks, midRanks(b).ranks);
}

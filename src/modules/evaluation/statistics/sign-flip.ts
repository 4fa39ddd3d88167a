import { seededRandom } from "../../../kernel/random.ts";
import { requireFinite } from "./descriptive.ts";

export interface SignFlipResult {
  readonly pValue: number;
  readonly exact: boolean;
}

const exactUpTo = 16;

/**
 * Two-sided sign-flip permutation test of "the mean paired difference is zero" (Fisher; Good 2005). Zero differences
 * change no sum and are left out. Up to 16 others: all 2ⁿ signs, p = # / 2ⁿ; more: N random ones, p = (# + 1)/(N + 1)
 * where # counts |sum| ≥ |observed|. All zero gives 1; no differences at all gives null.
 */
export function signFlipTest(
  differences: readonly number[],
  options: { readonly permutations?: number; readonly seed?: number } = {},
): SignFlipResult | null {
  requireFinite(differences);
  if (differences.length === 0) return null;
  const moved = Float64Array.from(differences.filter((d) => d !== 0));
  if (moved.length === 0) return { pValue: 1, exact: true };
  const scale = moved.reduce((sum, d) => sum + Math.abs(d), 0);
  const total = moved.reduce((sum, d) => sum + d, 0);
  // Sums that are equal on paper differ in the last bits; the slack counts them as reaching the observed one.
  const reach = Math.abs(total) - 1e-12 * scale;
  if (moved.length <= exactUpTo) return { pValue: exactShare(moved, total, reach), exact: true };
  const permutations = options.permutations ?? 10_000;
  const hits = randomHits(moved, total, reach, permutations, options.seed ?? 1);
  return { pValue: (hits + 1) / (permutations + 1), exact: false };
}

/** Flipping a set of signs takes twice its sum off the total; by symmetry the last sign may stay. */
function exactShare(moved: Float64Array, total: number, reach: number): number {
  const sums = new Float64Array(2 ** (moved.length - 1));
  let filled = 1;
  for (const d of moved.subarray(0, -1)) {
    for (let i = 0; i < filled; i++) sums[filled + i] = (sums[i] as number) + d;
    filled *= 2;
  }
  let hits = 0;
  for (const sum of sums) if (Math.abs(total - 2 * sum) >= reach) hits++;
  return hits / sums.length;
}

function randomHits(
  moved: Float64Array,
  total: number,
  reach: number,
  permutations: number,
  seed: number,
): number {
  const random = seededRandom(seed);
  let hits = 0;
  for (let p = 0; p < permutations; p++) {
    let flipped = 0;
    for (let start = 0; start < moved.length; start += 32) {
      const end = Math.min(start + 32, moved.length);
      let signs = (random() * 4294967296) >>> 0;
      for (let i = start; i < end; i++) {
        if ((signs & 1) === 1) flipped += moved[i] as number;
        signs >>>= 1;
      }
    }
    if (Math.abs(total - 2 * flipped) >= reach) hits++;
  }
  return hits;
}

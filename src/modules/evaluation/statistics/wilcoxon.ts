import { midRanks, requireFinite } from "./descriptive.ts";
import { normalCdf } from "./normal.ts";

/** What happens to differences of zero: dropped, ranked and then dropped, or their ranks split between both sides. */
export type ZeroMethod = "wilcox" | "pratt" | "zsplit";

export interface WilcoxonResult {
  readonly plus: number;
  readonly minus: number;
  /** T, the smaller of W+ and W−. */
  readonly statistic: number;
  readonly pValue: number;
  readonly exact: boolean;
}

const exactUpTo = 50;

/**
 * Two-sided Wilcoxon signed-rank test of paired differences. Exact for up to 50 differences without ties or zeros,
 * else the normal approximation with the tie correction and no continuity correction (Wilcoxon 1945; Pratt 1959).
 * All zero gives p = 1; no differences give null.
 */
export function wilcoxonTest(
  differences: readonly number[],
  zeros: ZeroMethod = "wilcox",
): WilcoxonResult | null {
  requireFinite(differences);
  if (differences.length === 0) return null;
  const kept = zeros === "wilcox" ? differences.filter((d) => d !== 0) : differences;
  const zeroCount = kept.filter((d) => d === 0).length;
  if (kept.length === zeroCount) return { plus: 0, minus: 0, statistic: 0, pValue: 1, exact: true };
  const { ranks, ties } = midRanks(kept.map((d) => Math.abs(d)));
  let plus = 0;
  let minus = 0;
  for (const [index, d] of kept.entries()) {
    const rank = ranks[index] as number;
    if (d > 0) plus += rank;
    else if (d < 0) minus += rank;
    else if (zeros === "zsplit") {
      plus += rank / 2;
      minus += rank / 2;
    }
  }
  const statistic = Math.min(plus, minus);
  if (zeroCount === 0 && ties.length === 0 && kept.length <= exactUpTo) {
    return { plus, minus, statistic, pValue: exactP(kept.length, statistic), exact: true };
  }
  const pValue = approximateP(statistic, kept.length, zeroCount, ties, zeros);
  return { plus, minus, statistic, pValue, exact: false };
}

/** How many of the 2ⁿ sign patterns give each rank sum; counts stay exact integers up to n = 52. */
function exactP(n: number, statistic: number): number {
  const counts = new Float64Array((n * (n + 1)) / 2 + 1);
  counts[0] = 1;
  let top = 0;
  for (let rank = 1; rank <= n; rank++) {
    top += rank;
    for (let sum = top; sum >= rank; sum--)
      counts[sum] = (counts[sum] as number) + (counts[sum - rank] as number);
  }
  let below = 0;
  for (let sum = 0; sum <= statistic; sum++) below += counts[sum] as number;
  return Math.min(1, (2 * below) / 2 ** n);
}

function approximateP(
  statistic: number,
  n: number,
  zeroCount: number,
  ties: readonly number[],
  zeros: ZeroMethod,
): number {
  let centre = (n * (n + 1)) / 4;
  let spread = n * (n + 1) * (2 * n + 1);
  let tieCorrection = ties.reduce((sum, size) => sum + (size ** 3 - size), 0);
  if (zeros === "pratt") {
    centre -= (zeroCount * (zeroCount + 1)) / 4;
    spread -= zeroCount * (zeroCount + 1) * (2 * zeroCount + 1);
    tieCorrection -= zeroCount ** 3 - zeroCount;
  }
  const variance = (spread - tieCorrection / 2) / 24;
  if (variance <= 0) return 1;
  return Math.min(1, 2 * normalCdf(-Math.abs(statistic - centre) / Math.sqrt(variance)));
}

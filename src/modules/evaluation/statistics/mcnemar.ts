import { incompleteBeta } from "./beta.ts";
import { chiSquareTail } from "./chi-square.ts";

export interface McNemarResult {
  readonly pValue: number;
  readonly exact: boolean;
  /** The chi-squared statistic, or the smaller discordant count where the test is exact. */
  readonly statistic: number;
}

/**
 * McNemar's test of paired pass/fail results. `onlyA` and `onlyB` count the pairs that pass on one side only. Exact
 * two-sided binomial below 25 discordant pairs, else (|b − c| − 1)² / (b + c) on one degree of freedom; no discordant
 * pair gives 1 (McNemar 1947; Edwards 1948).
 */
export function mcnemarTest(
  onlyA: number,
  onlyB: number,
  method: "auto" | "exact" | "chi_square" = "auto",
): McNemarResult {
  const n = onlyA + onlyB;
  const small = Math.min(onlyA, onlyB);
  if (n === 0) return { pValue: 1, exact: true, statistic: 0 };
  if (method === "exact" || (method === "auto" && n < 25)) {
    const tail = small === n ? 1 : incompleteBeta(0.5, n - small, small + 1);
    return { pValue: Math.min(1, 2 * tail), exact: true, statistic: small };
  }
  const statistic = Math.max(0, Math.abs(onlyA - onlyB) - 1) ** 2 / n;
  return { pValue: chiSquareTail(statistic, 1), exact: false, statistic };
}

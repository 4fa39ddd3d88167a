import { upperGamma } from "./gamma.ts";

/** P(X ≥ x) for a chi-squared variable with `df` degrees of freedom. */
export function chiSquareTail(x: number, df: number): number {
  return upperGamma(df / 2, x / 2);
}

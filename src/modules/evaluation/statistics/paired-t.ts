import { mean, requireFinite, standardDeviation } from "./descriptive.ts";
import { tTwoSided } from "./student-t.ts";

/**
 * Two-sided paired t-test, t = mean(d) / (s/√n) on n − 1 degrees of freedom; for large n. Null below two differences;
 * differences that are all equal give p = 1 at zero and p = 0 elsewhere, with no t.
 */
export function pairedT(
  differences: readonly number[],
): { readonly t: number | null; readonly df: number; readonly pValue: number } | null {
  requireFinite(differences);
  const centre = mean(differences);
  const sd = standardDeviation(differences);
  if (centre === null || sd === null) return null;
  const df = differences.length - 1;
  if (sd === 0) return { t: null, df, pValue: centre === 0 ? 1 : 0 };
  const t = centre / (sd / Math.sqrt(differences.length));
  return { t, df, pValue: tTwoSided(t, df) };
}

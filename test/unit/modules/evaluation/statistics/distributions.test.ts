import { describe, expect, it } from "vitest";
import { betaQuantile, incompleteBeta } from "../../../../../src/modules/evaluation/statistics/beta.ts";
import { chiSquareTail } from "../../../../../src/modules/evaluation/statistics/chi-square.ts";
import { lnGamma } from "../../../../../src/modules/evaluation/statistics/gamma.ts";
import { normalCdf, normalQuantile } from "../../../../../src/modules/evaluation/statistics/normal.ts";
import { tCdf, tQuantile, tTwoSided } from "../../../../../src/modules/evaluation/statistics/student-t.ts";

/** Relative distance; the expected values of this file were computed with SciPy 1.17.1. */
function off(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-300);
}

describe("distribution functions against SciPy", () => {
  it.each([
    [-8, 6.22096057427174e-16],
    [-3.5, 0.00023262907903552502],
    [-1.96, 0.024997895148220435],
    [-0.3, 0.3820885778110474],
    [0, 0.5],
    [0.7, 0.758036347776927],
    [2.5758293035489, 0.995],
    [6, 0.9999999990134123],
  ])("gives the normal distribution function at %d", (x, expected) => {
    expect(off(normalCdf(x), expected)).toBeLessThan(1e-13);
  });

  it.each([
    [1e-12, -7.034483825301131],
    [1e-4, -3.7190164854556804],
    [0.025, -1.9599639845400545],
    [0.3, -0.5244005127080409],
    [0.8, 0.8416212335729143],
    [0.975, 1.959963984540054],
    [0.9999, 3.719016485455709],
  ])("gives the normal quantile of %d", (p, expected) => {
    expect(off(normalQuantile(p), expected)).toBeLessThan(1e-12);
  });

  it.each([
    [0.5, 0.5723649429247],
    [2.5, 0.2846828704729192],
    [10, 12.801827480081469],
    [100.25, 360.28455963776423],
    [10_000, 82099.71749644238],
  ])("gives the logarithm of the gamma function at %d", (x, expected) => {
    expect(off(lnGamma(x), expected)).toBeLessThan(1e-13);
  });

  it.each([
    [0.3, 2, 5, 0.5798250000000003],
    [0.5, 0.5, 0.5, 0.5],
    [0.9, 10, 3, 0.889130022255],
    [0.01, 0.5, 20, 0.4713699354850154],
    [0.52, 500, 480, 0.7300884694932804],
    [0.2, 1, 1, 0.2],
  ])("gives the incomplete beta function at x %d, a %d, b %d", (x, a, b, expected) => {
    expect(off(incompleteBeta(x, a, b), expected)).toBeLessThan(1e-12);
  });

  it.each([
    [0.5, 1, 0.7048327646991335],
    [2, 5, 0.10193947882985835],
    [3.1, 9, 0.01272245597820195],
    [1.96, 1000, 0.050273184955748736],
    [12, 20, 1.359555702588066e-10],
  ])("gives the two tails of t %d on %d degrees of freedom", (t, df, expected) => {
    expect(off(tTwoSided(t, df), expected)).toBeLessThan(1e-11);
  });

  it.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 9, 2.262157162798205],
    [0.025, 30, -2.042272456301238],
    [0.9995, 4, 8.610301581379522],
    [0.6, 200, 0.25368437919014747],
  ])("gives the t quantile of %d on %d degrees of freedom", (p, df, expected) => {
    expect(off(tQuantile(p, df), expected)).toBeLessThan(1e-10);
  });

  it.each([
    [3.84145882069412, 1, 0.05000000000000028],
    [0.1, 1, 0.7518296340458492],
    [10, 3, 0.01856613546304325],
    [50, 1, 1.537459794428033e-12],
    [7, 7, 0.42887985755305486],
  ])("gives the upper tail of chi-squared %d on %d degrees of freedom", (x, df, expected) => {
    expect(off(chiSquareTail(x, df), expected)).toBeLessThan(1e-12);
  });
});

describe("quantiles undo their distribution functions", () => {
  const shares = [1e-9, 1e-5, 0.01, 0.2, 0.5, 0.77, 0.99, 1 - 1e-7];

  it("for the normal distribution", () => {
    for (const p of shares) expect(off(normalCdf(normalQuantile(p)), p)).toBeLessThan(1e-12);
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
  });

  it("for Student's t and the beta distribution", () => {
    for (const p of shares.slice(2, -1)) {
      expect(off(tCdf(tQuantile(p, 7), 7), p)).toBeLessThan(1e-10);
      expect(off(incompleteBeta(betaQuantile(p, 3.5, 80), 3.5, 80), p)).toBeLessThan(1e-10);
    }
  });
});

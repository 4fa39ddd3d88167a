import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../../src/kernel/random.ts";
import { mcnemarTest } from "../../../../../src/modules/evaluation/statistics/mcnemar.ts";
import { pairedT } from "../../../../../src/modules/evaluation/statistics/paired-t.ts";
import { signFlipTest } from "../../../../../src/modules/evaluation/statistics/sign-flip.ts";
import { wilcoxonTest, type ZeroMethod } from "../../../../../src/modules/evaluation/statistics/wilcoxon.ts";

const differences = [-0.04, 0.01, -0.14, -0.04, 0.04, -0.13, 0.01, -0.22, -0.05, -0.19];

/** Every way to put signs on the sizes of integers, with the share of those a test calls as extreme. */
function shareOfSigns(values: readonly number[], isExtreme: (signed: number[]) => boolean): number {
  let hits = 0;
  for (let signs = 0; signs < 2 ** values.length; signs++) {
    if (isExtreme(values.map((value, i) => ((signs >> i) & 1 ? -value : value)))) hits++;
  }
  return hits / 2 ** values.length;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("the sign-flip test", () => {
  it("agrees with SciPy's exact permutation test", () => {
    expect(signFlipTest(differences)).toEqual({ pValue: 0.037109375, exact: true });
  });

  it("agrees with counting every sign pattern of small integers, zeros included", () => {
    const random = seededRandom(11);
    for (let trial = 0; trial < 60; trial++) {
      const values = Array.from(
        { length: 1 + Math.floor(random() * 10) },
        () => Math.floor(random() * 9) - 4,
      );
      const observed = Math.abs(sum(values));
      const expected = shareOfSigns(values, (signed) => Math.abs(sum(signed)) >= observed);
      expect(signFlipTest(values)?.pValue).toBe(expected);
    }
  });

  it("counts sums that are equal on paper though not in binary", () => {
    const tenths = [0.1, 0.2, 0.3, -0.1, -0.2, 0.7];
    const integers = tenths.map((value) => Math.round(value * 10));
    expect(signFlipTest(tenths)).toEqual(signFlipTest(integers));
  });

  it("is exact up to 16 changed pairs and random above, with p = (hits + 1) / (N + 1)", () => {
    const sixteen = Array.from({ length: 16 }, (_, i) => i + 1);
    expect(signFlipTest(sixteen)).toEqual({ pValue: 2 / 2 ** 16, exact: true });
    expect(signFlipTest([...sixteen, 0, 0])).toEqual({ pValue: 2 / 2 ** 16, exact: true });
    const random = signFlipTest([...sixteen, 17, 18, 19, 20], { permutations: 999 });
    expect(random).toEqual({ pValue: 1 / 1_000, exact: false });
  });

  it("comes close to the exact value when it samples", () => {
    const values = [5, -3, 8, 2, -1, 6, 7, -4, 3, 9, -2, 4, 1, -6, 5, 2, 3, -1];
    const observed = Math.abs(sum(values));
    const exact = shareOfSigns(values, (signed) => Math.abs(sum(signed)) >= observed);
    const sampled = signFlipTest(values, { permutations: 20_000 });
    expect(sampled?.exact).toBe(false);
    expect(Math.abs((sampled?.pValue ?? 0) - exact)).toBeLessThan(
      4 * Math.sqrt((exact * (1 - exact)) / 20_000),
    );
  });

  it("gives 1 when nothing changed and nothing for no pair", () => {
    expect(signFlipTest([0, 0, 0])?.pValue).toBe(1);
    expect(signFlipTest([])).toBeNull();
    expect(() => signFlipTest([Number.NaN])).toThrow(RangeError);
  });

  it("rejects a true null hypothesis about as often as its level says", () => {
    const random = seededRandom(5);
    let rejected = 0;
    for (let trial = 0; trial < 400; trial++) {
      const values = Array.from({ length: 12 }, () => random() - random());
      if ((signFlipTest(values)?.pValue ?? 1) <= 0.05) rejected++;
    }
    expect(rejected / 400).toBeLessThan(0.08);
    expect(rejected / 400).toBeGreaterThan(0.02);
  });
});

describe("Wilcoxon's signed-rank test", () => {
  const noTies = [1.83, -0.5, 1.62, 2.48, -1.68, 1.88, 1.55, 3.06, -1.3, 0.3];
  const ties = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75, 75];
  const zeros = [0, 0, 1, 2, -1, 3, 2, 2, -4, 5, 0, 1];

  // SciPy 1.17.1 `wilcoxon`, method exact for the first and approx for the others.
  it.each<[ZeroMethod, readonly number[], number, number, boolean]>([
    ["wilcox", noTies, 11, 0.10546875, true],
    ["pratt", noTies, 11, 0.10546875, true],
    ["zsplit", noTies, 11, 0.10546875, true],
    ["wilcox", ties, 24, 0.022871989684776786, false],
    ["pratt", ties, 24, 0.022871989684776786, false],
    ["zsplit", ties, 24, 0.022871989684776786, false],
    ["wilcox", zeros, 10, 0.13586307696852132, false],
    ["pratt", zeros, 16, 0.11158379448906317, false],
    ["zsplit", zeros, 19, 0.11497492369308, false],
  ])("agrees with SciPy with %s zeros", (method, values, statistic, pValue, exact) => {
    const found = wilcoxonTest(values, method);
    expect(found?.statistic).toBe(statistic);
    expect(found?.pValue).toBeCloseTo(pValue, 12);
    expect(found?.exact).toBe(exact);
  });

  it("stays exact at fifty differences and approximates at fifty-one", () => {
    const fifty = Array.from({ length: 50 }, (_, i) => (i % 3 === 0 ? -1 : 1) * (i + 1));
    expect(wilcoxonTest(fifty)).toMatchObject({ statistic: 425, exact: true });
    expect(wilcoxonTest(fifty)?.pValue).toBeCloseTo(0.03996834652842374, 12);
    expect(wilcoxonTest([...fifty, 51])?.exact).toBe(false);
  });

  it("agrees with counting every sign pattern", () => {
    const random = seededRandom(3);
    for (let n = 1; n <= 10; n++) {
      const sizes = Array.from({ length: n }, (_, i) => i + 1);
      const values = sizes.map((size) => (random() < 0.6 ? size : -size));
      const smaller = (signed: readonly number[]) =>
        Math.min(sum(signed.filter((d) => d > 0)), -sum(signed.filter((d) => d < 0)));
      const expected = shareOfSigns(values, (signed) => smaller(signed) <= smaller(values));
      expect(wilcoxonTest(values)?.pValue).toBeCloseTo(Math.min(1, expected), 12);
    }
  });

  it("gives 1 when nothing changed, under every zero method", () => {
    for (const method of ["wilcox", "pratt", "zsplit"] as const) {
      expect(wilcoxonTest([0, 0, 0], method)?.pValue).toBe(1);
      expect(wilcoxonTest([], method)).toBeNull();
    }
  });
});

describe("McNemar's test", () => {
  // The two-sided binomial of SciPy 1.17.1 and (|b − c| − 1)² / (b + c) on its chi-squared tail.
  it.each([
    [6, 2, 0.2890625, true],
    [0, 5, 0.0625, true],
    [12, 12, 1, true],
    [1, 23, 2.9802322387695312e-6, true],
    [101, 59, 0.0011897145041076245, false],
    [121, 59, 5.450094825427117e-6, false],
    [20, 10, 0.10034824646229054, false],
  ])("gives p for %d against %d discordant pairs", (b, c, pValue, exact) => {
    const found = mcnemarTest(b, c);
    expect(found.pValue).toBeCloseTo(pValue, 12);
    expect(found.exact).toBe(exact);
  });

  it("becomes a chi-squared at 25 discordant pairs", () => {
    expect(mcnemarTest(12, 12).exact).toBe(true);
    expect(mcnemarTest(12, 13).exact).toBe(false);
  });

  it("can be asked for the exact p of many pairs", () => {
    expect(mcnemarTest(121, 59, "exact").pValue).toBeCloseTo(0.000004434, 7);
    expect(mcnemarTest(3, 0, "chi_square").statistic).toBeCloseTo(4 / 3, 12);
  });

  it("gives 1 without a discordant pair", () => {
    expect(mcnemarTest(0, 0).pValue).toBe(1);
  });
});

describe("the paired t-test", () => {
  it("agrees with SciPy", () => {
    const found = pairedT(differences);
    expect(found?.t).toBeCloseTo(-2.647058823529411, 10);
    expect(found?.pValue).toBeCloseTo(0.026604148176437147, 10);
    expect(found?.df).toBe(9);
  });

  it("has nothing to say about one pair, and no t where nothing varies", () => {
    expect(pairedT([0.3])).toBeNull();
    expect(pairedT([0, 0, 0])).toEqual({ t: null, df: 2, pValue: 1 });
    expect(pairedT([0.1, 0.1, 0.1])).toEqual({ t: null, df: 2, pValue: 0 });
  });
});

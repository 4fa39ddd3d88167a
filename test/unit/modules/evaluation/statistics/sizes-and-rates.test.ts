import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../../src/kernel/random.ts";
import { pearson, spearman } from "../../../../../src/modules/evaluation/statistics/correlation.ts";
import {
  quantiles,
  standardDeviation,
} from "../../../../../src/modules/evaluation/statistics/descriptive.ts";
import {
  cliffsDelta,
  cohenDz,
  hedgesG,
  rankBiserial,
  riskDifference,
} from "../../../../../src/modules/evaluation/statistics/effect-size.ts";
import {
  adjustPValues,
  type Correction,
} from "../../../../../src/modules/evaluation/statistics/multiple-testing.ts";
import {
  isAboveNoise,
  noiseOfRepeats,
  noiseOfRuns,
} from "../../../../../src/modules/evaluation/statistics/noise-floor.ts";
import {
  achievedPower,
  pairsNeeded,
  smallestDetectableEffect,
} from "../../../../../src/modules/evaluation/statistics/power.ts";
import {
  clopperPearsonInterval,
  wilsonInterval,
} from "../../../../../src/modules/evaluation/statistics/rate-interval.ts";

const before = [0.82, 0.73, 0.95, 0.64, 0.51, 0.88, 0.79, 0.92, 0.67, 0.71];
const after = [0.78, 0.74, 0.81, 0.6, 0.55, 0.75, 0.8, 0.7, 0.62, 0.52];

describe("effect sizes", () => {
  it("divide by the sample standard deviation, not the population's", () => {
    // mean 3, squares 10, sd √(10/4); the population's would be √2.
    expect(cohenDz([1, 2, 3, 4, 5])).toBeCloseTo(3 / Math.sqrt(2.5), 12);
    expect(hedgesG([1, 2, 3, 4, 5])).toBeCloseTo((3 / Math.sqrt(2.5)) * (1 - 3 / 15), 12);
  });

  it("are zero where nothing changed and have no value where nothing varies", () => {
    expect(cohenDz([0, 0, 0])).toBe(0);
    expect(cohenDz([0.1, 0.1, 0.1])).toBeNull();
    expect(hedgesG([0.4])).toBeNull();
    expect(rankBiserial([0, 0])).toBe(0);
    expect(riskDifference(0, 0, 0)).toBeNull();
  });

  it("give Cliff's delta as the Mann-Whitney U of SciPy does", () => {
    expect(cliffsDelta(before, after)).toBeCloseTo(-0.32, 12);
    expect(cliffsDelta([1, 2], [3, 4])).toBe(1);
    expect(cliffsDelta([], [1])).toBeNull();
  });

  it("give Cliff's delta as counting every pair does", () => {
    const random = seededRandom(9);
    const draw = () => Array.from({ length: 1 + Math.floor(random() * 12) }, () => Math.floor(random() * 5));
    for (let trial = 0; trial < 50; trial++) {
      const [a, b] = [draw(), draw()];
      const balance = a.flatMap((x) => b.map((y) => Math.sign(y - x))).reduce((sum, s) => sum + s, 0);
      expect(cliffsDelta(a, b)).toBeCloseTo(balance / (a.length * b.length), 12);
    }
  });

  it("give the matched rank-biserial correlation from the signed ranks", () => {
    // Ranks of 1, −2, 3, 4: W+ = 1 + 3 + 4, W− = 2.
    expect(rankBiserial([1, -2, 3, 4, 0])).toBeCloseTo(0.6, 12);
    expect(riskDifference(60, 54, 100)).toBeCloseTo(-0.06, 12);
  });
});

describe("intervals of rates", () => {
  // SciPy 1.17.1 binomtest(k, n).proportion_ci, methods wilson and exact.
  it.each([
    [7, 10, 0.95, 0.39677814746114526, 0.892208732593699, 0.3475471499399921, 0.9332604888222655],
    [0, 20, 0.95, 0, 0.16112515805281935, 0, 0.16843347098308548],
    [20, 20, 0.95, 0.8388748419471808, 1, 0.8315665290169145, 1],
    [56, 70, 0.95, 0.6918335550374693, 0.8769526075163704, 0.6872643461042035, 0.886119637967692],
    [81, 263, 0.95, 0.2552885198782742, 0.3662095769828001, 0.25273674558504267, 0.36762192260134746],
    [15, 148, 0.99, 0.05364486961396485, 0.18326735011315254, 0.047744559728815486, 0.18187753153797312],
  ])("agree with SciPy for %d of %d at %d", (k, n, confidence, wLow, wHigh, cLow, cHigh) => {
    const wilson = wilsonInterval(k, n, confidence);
    const strict = clopperPearsonInterval(k, n, confidence);
    expect(wilson?.low).toBeCloseTo(wLow, 12);
    expect(wilson?.high).toBeCloseTo(wHigh, 12);
    expect(strict?.low).toBeCloseTo(cLow, 12);
    expect(strict?.high).toBeCloseTo(cHigh, 12);
  });

  it("never cover less than they say when they are Clopper-Pearson", () => {
    const n = 12;
    const choose = (k: number): number => (k === 0 ? 1 : (choose(k - 1) * (n - k + 1)) / k);
    for (const rate of [0.02, 0.1, 0.37, 0.5, 0.81, 0.97]) {
      let covered = 0;
      for (let k = 0; k <= n; k++) {
        const found = clopperPearsonInterval(k, n);
        const inside = found !== null && found.low <= rate && rate <= found.high;
        if (inside) covered += choose(k) * rate ** k * (1 - rate) ** (n - k);
      }
      expect(covered).toBeGreaterThanOrEqual(0.95);
    }
  });

  it("are nothing for no trial", () => {
    expect(wilsonInterval(0, 0)).toBeNull();
    expect(clopperPearsonInterval(0, 0)).toBeNull();
  });
});

describe("corrections for many metrics", () => {
  const pValues = [0.0201, 0.0008, 0.05, 0.009, 0.041, 0.3, 0.0008, 0.72];

  // BH and BY: SciPy 1.17.1 false_discovery_control; Holm by its definition.
  it.each<[Correction, readonly number[]]>([
    ["bh", [0.0402, 0.0032, 0.06666666666666667, 0.024, 0.0656, 0.3428571428571428, 0.0032, 0.72]],
    [
      "by",
      [
        0.10925785714, 0.00869714286, 0.18119047619, 0.06522857143, 0.17829142857, 0.93183673469,
        0.00869714286, 1,
      ],
    ],
    ["holm", [0.1005, 0.0064, 0.164, 0.054, 0.164, 0.6, 0.0064, 0.72]],
    ["none", pValues],
  ])("give the reference values of %s in the order asked", (correction, expected) => {
    const adjusted = adjustPValues(pValues, correction);
    for (const [index, value] of expected.entries()) expect(adjusted[index]).toBeCloseTo(value, 10);
  });

  it("never make a p smaller, keep the order, and leave one p alone", () => {
    const random = seededRandom(21);
    for (const correction of ["bh", "by", "holm"] as const) {
      for (let trial = 0; trial < 50; trial++) {
        const raw = Array.from({ length: 1 + Math.floor(random() * 20) }, () => random() ** 3);
        const adjusted = adjustPValues(raw, correction);
        for (const [i, p] of raw.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(1);
          for (const [j, q] of raw.entries())
            if (p < q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] ?? 0);
        }
      }
      expect(adjustPValues([0.03], correction)).toEqual([0.03]);
      expect(adjustPValues([], correction)).toEqual([]);
    }
  });
});

describe("power", () => {
  it("needs the pairs of the textbook formula", () => {
    // ((1.95996 + 0.84162) · 0.25 / 0.05)² = 196.2.
    expect(pairsNeeded(0.25, 0.05)).toBe(197);
    expect(pairsNeeded(0.25, -0.05)).toBe(197);
    expect(pairsNeeded(0.25, 0)).toBeNull();
    expect(pairsNeeded(0, 0.05)).toBe(2);
  });

  it("has a smallest detectable effect that the same pairs detect at the wanted power", () => {
    const effect = smallestDetectableEffect(0.25, 150) ?? 0;
    expect(effect).toBeCloseTo(0.05719, 4);
    expect(achievedPower(0.25, effect, 150)).toBeCloseTo(0.8, 4);
    expect(pairsNeeded(0.25, effect)).toBeLessThanOrEqual(151);
    expect(smallestDetectableEffect(0.25, 1)).toBeNull();
  });

  it("is the level itself for no effect", () => {
    expect(achievedPower(0.3, 0, 80)).toBeCloseTo(0.05, 12);
  });
});

describe("the noise floor", () => {
  it("comes from repeated runs of one configuration", () => {
    const noise = noiseOfRuns([0.7, 0.72, 0.74]);
    expect(noise?.sd).toBeCloseTo(0.02, 12);
    expect(noise?.differenceError).toBeCloseTo(0.02 * Math.SQRT2, 12);
    expect(noiseOfRuns([0.7])).toBeNull();
  });

  it("comes from repeats inside cases, pooled over both runs", () => {
    // Deviations ±0.1 twice: s² = (0.02 + 0.02) / 2; Σ(1/r) = ½ + ½ + ½ + ½.
    const noise = noiseOfRepeats([
      { a: [0.4, 0.6], b: [0.5, 0.5] },
      { a: [0.9, 0.9], b: [0.2, 0.4] },
    ]);
    expect(noise?.sd).toBeCloseTo(Math.sqrt(0.04 / 4), 12);
    expect(noise?.differenceError).toBeCloseTo((0.1 * Math.sqrt(2)) / 2, 12);
    expect(noiseOfRepeats([{ a: [0.4], b: [0.5] }])).toBeNull();
  });

  it("calls a change under twice its error no evidence", () => {
    const noise = { sd: 0.01, differenceError: 0.02 };
    expect(isAboveNoise(-0.039, noise)).toBe(false);
    expect(isAboveNoise(-0.041, noise)).toBe(true);
    expect(isAboveNoise(0.0001, null)).toBe(true);
  });
});

describe("descriptions and correlations", () => {
  it("interpolate quantiles as NumPy does", () => {
    const [p10, p50, p90] = quantiles(before, [0.1, 0.5, 0.9]);
    expect(p10).toBeCloseTo(0.627, 12);
    expect(p50).toBeCloseTo(0.76, 12);
    expect(p90).toBeCloseTo(0.923, 12);
    expect(quantiles([], [0.5])).toEqual([null]);
  });

  it("give no spread for one value and none for equal ones", () => {
    expect(standardDeviation([0.3])).toBeNull();
    expect(standardDeviation([0.1, 0.1, 0.1])).toBe(0);
  });

  it("agree with SciPy on Pearson and Spearman, ties included", () => {
    expect(pearson(before, after)).toBeCloseTo(0.7568499913951562, 12);
    expect(spearman([1, 2, 2, 4, 5, 5, 7], [2, 1, 3, 3, 6, 5, 5])).toBeCloseTo(0.8333333333333335, 12);
  });

  it("have no correlation for a constant side or too few pairs", () => {
    expect(pearson([0.1, 0.1, 0.1, 0.1], [1, 2, 3, 4])).toBeNull();
    expect(pearson([1, 2], [1, 2])).toBeNull();
    expect(() => pearson([1, 2, 3], [1, 2])).toThrow(RangeError);
  });
});

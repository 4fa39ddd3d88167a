import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../../src/kernel/random.ts";
import {
  bootstrapLimits,
  bootstrapMean,
  bootstrapPBelow,
} from "../../../../../src/modules/evaluation/statistics/bootstrap.ts";
import { estimateMean, largeSample } from "../../../../../src/modules/evaluation/statistics/mean-estimate.ts";
import { normalQuantile } from "../../../../../src/modules/evaluation/statistics/normal.ts";

const differences = [-0.04, 0.01, -0.14, -0.04, 0.04, -0.13, 0.01, -0.22, -0.05, -0.19];
const skewed = [0.01, 0.02, 0.02, 0.03, 0.05, 0.06, 0.08, 0.11, 0.15, 0.22, 0.35, 0.9];
const lawSchool = [576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594];

function boot(values: readonly number[], options = {}) {
  const found = bootstrapMean(values, options);
  if (found === null) throw new Error("no bootstrap");
  return found;
}

describe("the bootstrap interval of a mean", () => {
  // SciPy 1.17.1 `bootstrap` with a million resamples; the tolerance is what 10,000 resamples leave open.
  it.each([
    ["paired differences", differences, [-0.132, -0.026], [-0.129, -0.024], 0.004],
    ["a long right tail", skewed, [0.0775, 0.4075], [0.06, 0.3225], 0.012],
    ["scores of a law school test", lawSchool, [581.4, 622.33], [580.47, 621.13], 1],
  ])("agrees with SciPy for %s", (_, values, bca, percentile, tolerance) => {
    const found = boot(values, { resamples: 40_000 });
    const limits = { bca: bootstrapLimits(found, 0.95), plain: bootstrapLimits(found, 0.95, "percentile") };
    expect(Math.abs(limits.bca.low - (bca[0] ?? 0))).toBeLessThan(tolerance);
    expect(Math.abs(limits.bca.high - (bca[1] ?? 0))).toBeLessThan(tolerance);
    expect(Math.abs(limits.plain.low - (percentile[0] ?? 0))).toBeLessThan(tolerance);
    expect(Math.abs(limits.plain.high - (percentile[1] ?? 0))).toBeLessThan(tolerance);
  });

  it.each([
    [differences, -0.018537267781976265],
    [skewed, 0.11020735200753065],
    [lawSchool, 0.018198969389070903],
  ])("takes its acceleration from the jackknife", (values, expected) => {
    expect(boot(values).acceleration).toBeCloseTo(expected, 12);
  });

  it("uses 10,000 resamples unless told otherwise", () => {
    expect(boot(skewed).means.length).toBe(10_000);
  });

  it("gives the same interval for the same seed and another for another seed", () => {
    expect(bootstrapLimits(boot(skewed, { seed: 3 }), 0.9)).toEqual(
      bootstrapLimits(boot(skewed, { seed: 3 }), 0.9),
    );
    expect(boot(skewed, { seed: 3 }).means).not.toEqual(boot(skewed, { seed: 4 }).means);
  });

  it("has no interval below two values and refuses what isn't a number", () => {
    expect(bootstrapMean([])).toBeNull();
    expect(bootstrapMean([0.4])).toBeNull();
    expect(() => bootstrapMean([0.1, Number.NaN])).toThrow(RangeError);
  });

  it("shrinks to one point when all values are equal, without rounding dust", () => {
    const limits = bootstrapLimits(boot(new Array<number>(7).fill(0.1)), 0.95);
    expect(limits).toEqual({ low: 0.1, high: 0.1 });
  });

  it("sees resampled sums that differ from the mean only in their last bits as equal to it", () => {
    const tenths = [0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1, 0.2, 0.3];
    const integers = tenths.map((value) => Math.round(value * 10));
    expect(boot(tenths).bias).toBeCloseTo(boot(integers).bias, 10);
  });

  it("is the mirror image for mirrored values", () => {
    const limits = bootstrapLimits(boot(skewed), 0.95);
    const mirrored = bootstrapLimits(boot(skewed.map((value) => -value)), 0.95);
    expect(mirrored.low).toBeCloseTo(-limits.high, 10);
    expect(mirrored.high).toBeCloseTo(-limits.low, 10);
  });

  it("widens with confidence and contains the estimate", () => {
    const found = boot(skewed);
    const levels = [0.5, 0.8, 0.9, 0.95, 0.99].map((level) => bootstrapLimits(found, level));
    for (const [index, { low, high }] of levels.entries()) {
      expect(low).toBeLessThan(found.estimate);
      expect(high).toBeGreaterThan(found.estimate);
      expect(low).toBeLessThanOrEqual(levels[index - 1]?.low ?? low);
      expect(high).toBeGreaterThanOrEqual(levels[index - 1]?.high ?? high);
    }
  });
});

describe("the one-sided p of the bootstrap", () => {
  it("is the interval turned round", () => {
    for (const method of ["bca", "percentile"] as const) {
      for (const values of [differences, skewed]) {
        const found = boot(values);
        for (let level = 0.6; level < 0.995; level += 0.005) {
          const { high } = bootstrapLimits(found, level, method);
          const tail = (1 - level) / 2;
          expect(bootstrapPBelow(found, high + 1e-9, method)).toBeLessThanOrEqual(tail + 1e-9);
          expect(bootstrapPBelow(found, high - 1e-9, method)).toBeGreaterThanOrEqual(tail - 1e-9);
        }
      }
    }
  });

  it("is never smaller than the resamples can show", () => {
    expect(bootstrapPBelow(boot(differences), 100)).toBe(1 / 10_001);
    expect(bootstrapPBelow(boot(differences), -100)).toBe(1);
  });

  it("knows on which side a single point lies", () => {
    const point = boot([-0.2, -0.2, -0.2]);
    expect(bootstrapPBelow(point, -0.1)).toBe(0);
    expect(bootstrapPBelow(point, -0.2)).toBe(1);
  });
});

/** The share of seeded samples whose interval contains the true mean. */
function coverage(draw: (random: () => number) => number, truth: number, n: number, trials: number): number {
  const random = seededRandom(2026);
  let hits = 0;
  for (let trial = 0; trial < trials; trial++) {
    const sample = Array.from({ length: n }, () => draw(random));
    const { low, high } = bootstrapLimits(boot(sample, { resamples: 1_000, seed: trial }), 0.9);
    if (low <= truth && truth <= high) hits++;
  }
  return hits / trials;
}

describe("the coverage of BCa intervals", () => {
  it("is close to 90 % for normal values", () => {
    const share = coverage((random) => normalQuantile(random() || 1e-9), 0, 40, 500);
    expect(share).toBeGreaterThan(0.86);
    expect(share).toBeLessThan(0.94);
  });

  it("is close to 90 % for exponential values, which are far from symmetric", () => {
    const share = coverage((random) => -Math.log(1 - random()), 1, 60, 500);
    expect(share).toBeGreaterThan(0.85);
    expect(share).toBeLessThan(0.94);
  });
});

describe("the estimate of a mean", () => {
  it("bootstraps small samples and uses Student's t for very large ones, with nearly the same result", () => {
    const random = seededRandom(7);
    const values = Array.from({ length: largeSample + 1 }, () => random() ** 2);
    const large = estimateMean(values);
    const small = estimateMean(values.slice(0, largeSample), { resamples: 2_000 });
    const byT = large?.interval(0.95);
    const byBootstrap = small?.interval(0.95);
    expect(byT?.method).toBe("t");
    expect(byBootstrap?.method).toBe("bca");
    expect(byT?.low).toBeCloseTo(byBootstrap?.low ?? Number.NaN, 2);
    expect(byT?.high).toBeCloseTo(byBootstrap?.high ?? Number.NaN, 2);
    expect(large?.pBelow(byT?.high ?? Number.NaN)).toBeCloseTo(0.025, 9);
  });

  it("is nothing for fewer than two values", () => {
    expect(estimateMean([])).toBeNull();
    expect(estimateMean([1])).toBeNull();
  });
});

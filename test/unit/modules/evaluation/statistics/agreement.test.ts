import { describe, expect, it } from "vitest";
import {
  cohenKappa,
  joinLabels,
  weightedKappa,
} from "../../../../../src/modules/evaluation/statistics/agreement.ts";
import {
  areaUnderCurve,
  brierScore,
  expectedCalibrationError,
} from "../../../../../src/modules/evaluation/statistics/calibration.ts";

/** Two raters' labels from a table of counts: rows are the first rater's, columns the second's. */
function raters(table: readonly (readonly number[])[]): { a: number[]; b: number[] } {
  const pairs = table.flatMap((row, i) => row.flatMap((count, j) => new Array<number[]>(count).fill([i, j])));
  return { a: pairs.map(([i = 0]) => i), b: pairs.map(([, j = 0]) => j) };
}

const texts = (values: readonly number[]) => values.map(String);

describe("agreement of two raters", () => {
  it("gives the kappa of the common textbook table", () => {
    // 20/5/10/15: po = 0.7, pe = 0.5.
    const { a, b } = raters([
      [20, 5],
      [10, 15],
    ]);
    expect(cohenKappa(texts(a), texts(b))).toBeCloseTo(0.4, 12);
  });

  it("weighs by distance on an ordered scale", () => {
    // 1 − Σw·o / Σw·e of this table, computed with NumPy.
    const { a, b } = raters([
      [11, 3, 1],
      [2, 9, 4],
      [0, 3, 7],
    ]);
    expect(weightedKappa(a, b, "linear")).toBeCloseTo(0.5912408759124088, 12);
    expect(weightedKappa(a, b)).toBeCloseTo(0.6783919597989949, 12);
  });

  it("equals the unweighted kappa on two values", () => {
    const { a, b } = raters([
      [20, 5],
      [10, 15],
    ]);
    expect(weightedKappa(a, b, "linear")).toBeCloseTo(0.4, 12);
    expect(weightedKappa(a, b, "quadratic")).toBeCloseTo(0.4, 12);
  });

  it("is full for one shared category, zero for chance and nothing for no item", () => {
    expect(cohenKappa(["yes", "yes"], ["yes", "yes"])).toBe(1);
    expect(cohenKappa(["yes", "yes"], ["no", "no"])).toBe(0);
    expect(weightedKappa([3, 3], [3, 3])).toBe(1);
    expect(cohenKappa([], [])).toBeNull();
    expect(weightedKappa([], [])).toBeNull();
    expect(() => cohenKappa(["yes"], [])).toThrow(RangeError);
  });

  it("does not take a category for a property every object has", () => {
    expect(cohenKappa(["constructor", "__proto__"], ["constructor", "__proto__"])).toBe(1);
  });
});

describe("joining judge scores with human labels", () => {
  const scores = [
    { caseId: "c1", score: 0.9 },
    { caseId: "c2", score: 0.1 },
    { caseId: "c3", score: 0.8 },
    { caseId: "c4", score: 0.2 },
  ];

  it("keeps the rest aligned when a case in the middle has no label", () => {
    const labels = [
      { caseId: "c4", label: false },
      { caseId: "c1", label: true },
      { caseId: "c3", label: true },
      { caseId: "c9", label: true },
    ];
    const joined = joinLabels(scores, labels);
    expect(joined).toEqual([
      { caseId: "c1", score: 0.9, label: true },
      { caseId: "c3", score: 0.8, label: true },
      { caseId: "c4", score: 0.2, label: false },
    ]);
    expect(areaUnderCurve(joined.map(({ score, label }) => ({ score, good: label })))).toBe(1);
  });
});

describe("calibration", () => {
  const predictions = [
    { score: 0.9, good: true },
    { score: 0.8, good: false },
    { score: 0.7, good: true },
    { score: 0.3, good: false },
    { score: 0.2, good: false },
  ];

  it("gives the Brier score by hand", () => {
    expect(brierScore(predictions)).toBeCloseTo((0.01 + 0.64 + 0.09 + 0.09 + 0.04) / 5, 12);
  });

  it("gives the area under the curve as the share of ordered pairs, ties half", () => {
    // Good 0.9 and 0.7 against 0.8, 0.3, 0.2: five of six pairs in order.
    expect(areaUnderCurve(predictions)).toBeCloseTo(5 / 6, 12);
    expect(
      areaUnderCurve([
        { score: 0.5, good: true },
        { score: 0.5, good: false },
      ]),
    ).toBe(0.5);
    expect(areaUnderCurve([{ score: 0.5, good: true }])).toBeNull();
  });

  it("gives the calibration error by bins", () => {
    // Two bins: (0, ½] mean 0.25, share 0; (½, 1] mean 0.8, share ⅔.
    expect(expectedCalibrationError(predictions, 2)).toBeCloseTo((2 * 0.25 + 3 * (0.8 - 2 / 3)) / 5, 12);
    expect(
      expectedCalibrationError([
        { score: 1, good: true },
        { score: 0, good: false },
      ]),
    ).toBe(0);
    expect(expectedCalibrationError([])).toBeNull();
  });

  it("refuses thumbs of 2 and 4 among scores from 0 to 1", () => {
    expect(() => brierScore([{ score: 4, good: true }])).toThrow(RangeError);
    expect(() => expectedCalibrationError([{ score: Number.NaN, good: true }])).toThrow(RangeError);
  });
});

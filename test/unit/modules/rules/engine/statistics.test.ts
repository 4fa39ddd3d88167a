import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../../src/kernel/random.ts";
import type {
  CellSpec,
  CompiledAggregate,
} from "../../../../../src/modules/rules/engine/compile/compiled-rule.ts";
import { aggregateAll } from "../../../../../src/modules/rules/engine/windows/aggregate.rules.ts";
import {
  addToCell,
  type CellInput,
  mergeCell,
  newCell,
} from "../../../../../src/modules/rules/engine/windows/cell.ts";
import {
  medianAbsoluteDeviation,
  quantileOf,
  rateOf,
  weightedMean,
} from "../../../../../src/modules/rules/engine/windows/statistics.ts";

const spec: CellSpec = {
  over: undefined,
  where: undefined,
  by: undefined,
  numeric: true,
  sum: true,
  moments: true,
  extremes: true,
  ends: true,
  points: true,
  counts: true,
};

const names = ["count", "distinct", "sum", "avg", "min", "max", "first", "last"] as const;
const more = [
  "stddevPop",
  "stddevSamp",
  "median",
  "mad",
  "quantile",
  "topk",
  "ewma",
  "rate",
  "delta",
] as const;
const aggregates: CompiledAggregate[] = [...names, ...more].map((fn) => ({
  name: fn,
  fn,
  cell: 0,
  q: 0.25,
  k: 2,
  halfLifeMs: 1_000,
}));

function cellOf(inputs: readonly CellInput[], from = 0) {
  const cell = newCell(spec);
  for (const [i, input] of inputs.entries())
    addToCell(cell, spec, input, { at: (from + i) * 1_000, sequence: "", seq: from + i });
  return cell;
}

const valuesOf = (inputs: readonly CellInput[]) =>
  aggregateAll(aggregates, [cellOf(inputs)], { start: 0, end: 10_000 });

describe("aggregates of nothing", () => {
  it("are 0 for counts and sums, and absent otherwise", () => {
    const values = valuesOf([]);
    expect(values).toMatchObject({ count: 0, distinct: 0, sum: 0 });
    for (const name of [...names.slice(3), ...more]) expect([name, values[name]]).toEqual([name, undefined]);
  });

  it("take no notice of what is no number, but count it", () => {
    const cell = cellOf([1, null, undefined, 3]);
    expect([cell.n, cell.ignored]).toEqual([2, 1]);
  });
});

describe("aggregates", () => {
  it("are right by hand", () => {
    // Mean 5, squared distances 9 1 1 1 0 0 4 16, sum 32.
    const values = valuesOf([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(values).toMatchObject({
      count: 8,
      distinct: 5,
      sum: 40,
      avg: 5,
      min: 2,
      max: 9,
      first: 2,
      last: 9,
    });
    expect(values).toMatchObject({ stddevPop: 2, median: 4.5, mad: 0.5, quantile: 4, topk: [9, 7] });
    expect(values.stddevSamp).toBeCloseTo(Math.sqrt(32 / 7), 12);
  });

  it("lose nothing of a sum to rounding", () => {
    expect(valuesOf([1e16, 1, -1e16]).sum).toBe(1);
    expect(valuesOf([1, 1e100, 1, -1e100]).sum).toBe(2);
    expect(valuesOf(Array(1_000).fill(0.1)).sum).toBe(100);
  });

  it("keep the spread of large values apart from their size", () => {
    expect(valuesOf([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16].map(Number)).stddevSamp).toBeCloseTo(
      Math.sqrt(30),
      9,
    );
  });

  it("do not depend on how events lie in panes, nor on the order in which they came", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 50; round++) {
      const inputs = Array.from({ length: 30 }, () => Math.round(random() * 100));
      const whole = valuesOf(inputs);
      const cut = Math.floor(random() * 30);
      const merged = newCell(spec);
      mergeCell(merged, cellOf(inputs.slice(cut), cut));
      mergeCell(merged, cellOf(inputs.slice(0, cut)));
      const values = aggregateAll(aggregates, [merged], { start: 0, end: 10_000 });
      for (const [name, value] of Object.entries(whole)) {
        if (typeof value === "number") expect(values[name]).toBeCloseTo(value, 9);
        else expect([name, values[name]]).toEqual([name, value]);
      }
    }
  });

  it("rank groups by what they sum to", () => {
    const byLabel: CellSpec = {
      ...spec,
      sum: false,
      moments: false,
      extremes: false,
      ends: false,
      points: false,
    };
    const cell = newCell(byLabel);
    const inputs = [
      ["a", 3],
      ["b", 10],
      ["a", 4],
      ["c", 7],
      ["__proto__", 1],
    ] as const;
    for (const [label, value] of inputs)
      addToCell(cell, byLabel, { label, value }, { at: 0, sequence: "", seq: 0 });
    const top = { name: "top", fn: "topk", cell: 0, q: 0, k: 3, halfLifeMs: 1 } as const;
    expect(aggregateAll([top], [cell], { start: 0, end: 1 }).top).toEqual([
      { label: "b", value: 10 },
      { label: "a", value: 7 },
      { label: "c", value: 7 },
    ]);
  });
});

describe("a quantile", () => {
  it("lies between its neighbours in proportion", () => {
    expect(quantileOf([0, 1, 2, 3, 4, 5, 6, 7, 8], 0.5)).toBe(4);
    expect(quantileOf([1, 2], 0.75)).toBe(1.75);
    expect(quantileOf([3, 1, 2], 0)).toBe(1);
    expect(quantileOf([3, 1, 2], 1)).toBe(3);
    expect(quantileOf([0, 1, 2], 0.8)).toBeCloseTo(1.6, 12);
  });

  it("beyond its range is infinite, of nothing no number", () => {
    expect(quantileOf([1], -1)).toBe(-Infinity);
    expect(quantileOf([1], 2)).toBe(Infinity);
    expect(quantileOf([], 0.5)).toBeNaN();
    expect(quantileOf([1], Number.NaN)).toBeNaN();
  });
});

describe("the median absolute deviation", () => {
  it("is the median of the distances from the median", () => {
    expect(medianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9])).toBe(1);
    expect(medianAbsoluteDeviation([4, 6, 2, 1, 999, 1, 2])).toBe(1);
    expect(medianAbsoluteDeviation([1, Number.NaN, 2])).toBeNaN();
  });
});

describe("a rate", () => {
  const every = (step: number, ...values: number[]) => values.map((value, i) => ({ at: i * step, value }));

  it("of a counter with samples up to both bounds is its rise over the time", () => {
    expect(rateOf("increase", every(60_000, 0, 60, 120), 0, 120_000)).toBe(120);
    expect(rateOf("rate", every(60_000, 0, 60, 120), 0, 120_000)).toBe(1);
  });

  it("goes on to bounds that are near, and half a step towards bounds that are far", () => {
    const samples = every(10_000, 100, 110, 120).map(({ at, value }) => ({ at: at + 100_000, value }));
    expect(rateOf("delta", samples, 95_000, 125_000)).toBe(30);
    expect(rateOf("delta", samples, 0, 200_000)).toBe(30);
  });

  it("does not go back to before a counter was zero", () => {
    const samples = every(10_000, 2, 12, 22).map(({ at, value }) => ({ at: at + 5_000, value }));
    // Zero is 2 s before the first sample.
    expect(rateOf("increase", samples, 0, 25_000)).toBeCloseTo(20 * (22 / 20), 12);
    expect(rateOf("delta", samples, 0, 25_000)).toBe(25);
  });

  it("takes a fall for a reset", () => {
    expect(rateOf("increase", every(10_000, 10, 50, 5, 15), 0, 30_000)).toBeCloseTo(55, 12);
    expect(rateOf("delta", every(10_000, 10, 50, 5, 15), 0, 30_000)).toBe(5);
  });

  it("needs two samples", () => {
    expect(rateOf("rate", every(10_000, 10), 0, 30_000)).toBe(undefined);
  });
});

describe("a weighted mean", () => {
  it("moves half the way in a half-life", () => {
    expect(
      weightedMean(
        [
          { at: 0, value: 0 },
          { at: 1_000, value: 8 },
        ],
        1_000,
      ),
    ).toBe(4);
    expect(
      weightedMean(
        [
          { at: 0, value: 0 },
          { at: 2_000, value: 8 },
        ],
        1_000,
      ),
    ).toBe(6);
  });
});

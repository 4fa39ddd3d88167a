import { describe, expect, it } from "vitest";
import { Condition } from "../../../../../contracts/rule-conditions.ts";
import type { BandModel } from "../../../../../src/modules/rules/engine/thresholds/band-model.ts";
import {
  type EwmaCondition,
  ewmaBand,
  learnEwma,
} from "../../../../../src/modules/rules/engine/thresholds/ewma.rules.ts";
import {
  type BandCondition,
  judgeBand,
} from "../../../../../src/modules/rules/engine/thresholds/judge-band.rules.ts";
import { medianBand } from "../../../../../src/modules/rules/engine/thresholds/mad.rules.ts";
import { slotOf } from "../../../../../src/modules/rules/engine/thresholds/seasonal.rules.ts";
import { OneKey, transitionsOf } from "./rule-bench.ts";

function conditionOf(condition: object): BandCondition {
  const parsed = Condition.parse(condition);
  if (parsed.kind === "expression" || parsed.kind === "static") throw new Error("not a band");
  return parsed;
}

function judgeAll(condition: BandCondition, points: readonly (readonly [number, number])[]) {
  const model: BandModel = { outside: [] };
  return points.map(([at, value]) => judgeBand(model, value, at, condition));
}

describe("an exponentially weighted baseline", () => {
  const condition = conditionOf({
    kind: "ewma",
    of: "value",
    halfLifeMs: 1_000,
    minPoints: 2,
  }) as EwmaCondition;

  it("moves half the way in a half-life, and spreads accordingly", () => {
    const first = learnEwma(undefined, 10, 0, false, condition);
    expect(first).toMatchObject({ mean: 10, variance: 0 });
    // α = 1/2: m = 10 + 1/2 · 4, v = 1/2 · (0 + 1/2 · 16).
    const second = learnEwma(first, 14, 1_000, false, condition);
    expect(second).toMatchObject({ mean: 12, variance: 4 });
    // α = 3/4 after two half-lives: m = 12 + 3/4 · 4, v = 1/4 · (4 + 3/4 · 16).
    const third = learnEwma(second, 16, 3_000, false, condition);
    expect(third).toMatchObject({ mean: 15, variance: 4 });
  });

  it("judges a value by what it knew before", () => {
    const model = { n: 5, at: 0, mean: 12, variance: 4, frozenAt: null };
    expect(ewmaBand(model, 20, condition)).toEqual({ middle: 12, lower: 6, upper: 18, score: 4 });
    expect(ewmaBand({ ...model, n: 1 }, 20, condition)).toBe(undefined);
    expect(ewmaBand({ ...model, variance: 0 }, 12, condition)?.score).toBe(0);
  });

  it("does not learn what is not normal, but for so long", () => {
    const model = { n: 5, at: 0, mean: 12, variance: 4, frozenAt: null };
    const frozen = learnEwma(model, 100, 1_000, true, { ...condition, maxFreezeMs: 5_000 });
    expect(frozen).toMatchObject({ mean: 12, variance: 4, frozenAt: 1_000 });
    const after = learnEwma(frozen, 100, 6_000, true, { ...condition, maxFreezeMs: 5_000 });
    expect(after.mean).toBeGreaterThan(90);
    const slow = learnEwma(model, 112, 1_000, true, { ...condition, freezeRate: 0.1 });
    expect(slow.mean).toBeCloseTo(12 + 0.05 * 100, 9);
  });
});

describe("a baseline of medians", () => {
  it("scores by 0.6745 times the distance over the median absolute deviation", () => {
    // Median 3, distances 2 1 0 1 97, their median 1.
    const band = medianBand([1, 2, 3, 4, 100], 10, 3.5);
    expect(band.middle).toBe(3);
    expect(band.score).toBeCloseTo(0.6745 * 7, 12);
    expect(band.upper).toBeCloseTo(3 + 3.5 / 0.6745, 12);
  });

  it("falls back to the mean of the distances, then to any change", () => {
    // Median 5, median of distances 0, mean of distances 10 / 5.
    expect(medianBand([5, 5, 5, 5, 15], 9, 3.5).score).toBeCloseTo(4 / (2 * 1.253314), 9);
    expect(medianBand([5, 5, 5], 5, 3.5).score).toBe(0);
    expect(medianBand([5, 5, 5], 5.1, 3.5).score).toBe(Number.MAX_VALUE);
  });

  it("says nothing until it has seen enough", () => {
    const points = [1, 2, 3, 4, 100].map((value, i) => [i, value] as const);
    const judged = judgeAll(conditionOf({ kind: "mad", of: "value", minPoints: 4 }), points);
    expect(judged.map(({ open }) => open)).toEqual(["unknown", "unknown", "unknown", "unknown", "true"]);
  });
});

describe("a seasonal baseline", () => {
  const week = 7 * 86_400_000;
  const monday = Date.parse("2026-01-05T09:30:00Z");
  const condition = conditionOf({ kind: "seasonal", of: "value", zone: "UTC" });

  it("compares an hour with the same hour of earlier weeks", () => {
    const points = [10, 11, 12, 11, 50, 11].map((value, i) => [monday + i * week, value] as const);
    expect(judgeAll(condition, points).map(({ open }) => open)).toEqual([
      "unknown",
      "unknown",
      "unknown",
      "false",
      "true",
      "false",
    ]);
  });

  it("asks the neighbouring hours where a slot has too few weeks", () => {
    const points = [
      [monday - 3_600_000, 10],
      [monday, 11],
      [monday + 3_600_000, 12],
      [monday + week, 11],
    ] as const;
    expect(judgeAll(condition, points).map(({ open }) => open)).toEqual([
      "unknown",
      "unknown",
      "unknown",
      "false",
    ]);
  });

  it("forgets weeks that are too long ago", () => {
    const points = [
      ...[10, 11, 12].map((value, i) => [monday + i * week, value] as const),
      [monday + 10 * week, 11] as const,
    ];
    expect(judgeAll(condition, points).at(-1)?.open).toBe("unknown");
  });

  it("goes by the local clock, so that its changes move nothing", () => {
    expect(slotOf(Date.parse("2026-03-02T14:30:00Z"), "America/New_York").slot).toBe(9);
    expect(slotOf(Date.parse("2026-03-09T13:30:00Z"), "America/New_York").slot).toBe(9);
    expect(slotOf(Date.parse("2026-03-08T14:30:00Z"), "Asia/Seoul").slot).toBe(6 * 24 + 23);
    const weeks = ["2026-03-02T14:30:00Z", "2026-03-09T13:30:00Z"].map((at) =>
      slotOf(Date.parse(at), "America/New_York"),
    );
    expect((weeks[1]?.week ?? 0) - (weeks[0]?.week ?? 0)).toBe(1);
  });
});

describe("a band", () => {
  const steady = Array.from({ length: 20 }, (_, i) => [i * 10, i % 2 === 0 ? 10 : 12] as const);
  const last = (more: object, ...points: (readonly [number, number])[]) =>
    judgeAll(conditionOf({ kind: "mad", of: "value", ...more }), [...steady, ...points]).slice(steady.length);

  it("looks to the side that matters, and past changes that are small", () => {
    expect(last({}, [200, 30])).toMatchObject([{ open: "true" }]);
    expect(last({ side: "below" }, [200, 30])).toMatchObject([{ open: "false" }]);
    expect(last({ side: "below" }, [200, -30])).toMatchObject([{ open: "true" }]);
    expect(last({ minChange: 50 }, [200, 30])).toMatchObject([{ open: "false" }]);
  });

  it("opens with a share of the points outside, and closes with a share inside", () => {
    const more = { trigger: { windowMs: 40, share: 0.5 }, recovery: { windowMs: 30, share: 1 } };
    const judged = last(more, [200, 90], [210, 90], [220, 11], [230, 11], [240, 11]);
    // Of the last four points outside: 1, 2, 2, 2, 1; the last three inside from 240 on.
    expect(judged.map(({ open, close }) => [open, close])).toEqual([
      ["false", "false"],
      ["true", "false"],
      ["true", "false"],
      ["true", "false"],
      ["false", "true"],
    ]);
  });

  it("learns nothing from stretches that were not normal", () => {
    const more = { points: 20, exclude: [{ from: 200, to: 300 }] };
    const excluded = Array.from({ length: 10 }, (_, i) => [200 + i * 10, 500] as const);
    expect(last(more, ...excluded, [300, 500]).at(-1)?.open).toBe("true");
    const learnt = last({ points: 20, exclude: [] }, ...excluded, ...excluded, [500, 500]);
    expect(learnt.at(-1)?.open).toBe("false");
  });

  it("works in a rule, on an aggregate", () => {
    const key = new OneKey({
      trigger: {
        kind: "window",
        window: { kind: "tumbling", sizeMs: 10 },
        aggregates: { mean: { fn: "avg", over: "data.v" } },
      },
      condition: { kind: "mad", of: "mean", minPoints: 5 },
    });
    for (let i = 0; i < 12; i++) key.event(i * 10, { v: i === 8 ? 900 : 10 + (i % 3) });
    key.advance(200);
    expect(transitionsOf(key.outputs)).toEqual(["90 normal>firing", "100 firing>normal"]);
  });
});

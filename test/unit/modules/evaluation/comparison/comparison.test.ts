import { describe, expect, it } from "vitest";
import { Comparison } from "../../../../../contracts/comparison.ts";
import { seededRandom } from "../../../../../src/kernel/random.ts";
import { compareRuns } from "../../../../../src/modules/evaluation/comparison/comparison.rules.ts";
import { pairCases } from "../../../../../src/modules/evaluation/comparison/pairing.rules.ts";
import { mcnemarTest } from "../../../../../src/modules/evaluation/statistics/mcnemar.ts";
import {
  askedOf,
  expectedOf,
  groupCases,
} from "../../../../../src/modules/evaluation/summary/case-groups.rules.ts";
import type { CaseScores } from "../../../../../src/modules/evaluation/summary/run-scores.ts";
import { metric, result, rows, run } from "./runs.ts";

function only(comparison: Comparison) {
  const [first] = comparison.metrics;
  if (first === undefined) throw new Error("no metric was compared");
  return first;
}

/** Scores with large differences between cases, and the same scores moved by a little with small noise. */
function shifted(n: number, shift: number, noise: number): { before: number[]; after: number[] } {
  const random = seededRandom(17);
  const before = Array.from({ length: n }, () => 0.1 + 0.6 * random());
  return { before, after: before.map((score) => score + shift + noise * (random() - 0.5)) };
}

describe("pairing the cases of two runs", () => {
  const row = (caseId: string, more: Partial<CaseScores> = {}): CaseScores => ({
    caseId,
    tags: [],
    results: {},
    ...more,
  });
  const paired = (a: readonly CaseScores[], b: readonly CaseScores[]) =>
    pairCases(groupCases(a), groupCases(b));
  const names = (a: readonly CaseScores[], b: readonly CaseScores[]) =>
    paired(a, b).pairs.map(({ baseline, candidate }) => [baseline.caseId, candidate.caseId]);

  it("goes by case id whatever the order", () => {
    expect(names([row("a"), row("b"), row("c")], [row("c"), row("a"), row("b")])).toEqual([
      ["a", "a"],
      ["b", "b"],
      ["c", "c"],
    ]);
  });

  it("falls back on the input for cases that were renamed, and reports the rest", () => {
    const a = [row("a", { inputHash: "1" }), row("b", { inputHash: "2" }), row("c")];
    const b = [row("a", { inputHash: "1" }), row("x", { inputHash: "2" }), row("y", { inputHash: "3" })];
    expect(names(a, b)).toEqual([
      ["a", "a"],
      ["b", "x"],
    ]);
    expect(paired(a, b).pairing).toMatchObject({
      pairs: 2,
      byCaseId: 1,
      byInput: 1,
      unmatchedBaselineIds: ["c"],
      unmatchedCandidateIds: ["y"],
    });
  });

  it("prefers the case id over the input", () => {
    const a = [row("a", { inputHash: "1" }), row("b", { inputHash: "2" })];
    const b = [row("b", { inputHash: "1" }), row("a", { inputHash: "2" })];
    expect(names(a, b)).toEqual([
      ["a", "a"],
      ["b", "b"],
    ]);
  });

  it("pairs cases that share an id in their order", () => {
    const a = [row("a", { tags: ["1"] }), row("a", { tags: ["2"] }), row("a", { tags: ["3"] })];
    const b = [row("a", { tags: ["1"] }), row("a", { tags: ["2"] })];
    const { pairs, pairing } = paired(a, b);
    expect(pairs.map(({ baseline, candidate }) => [baseline.rows[0]?.tags, candidate.rows[0]?.tags])).toEqual(
      [
        [["1"], ["1"]],
        [["2"], ["2"]],
      ],
    );
    expect(pairing).toMatchObject({ duplicates: 3, unmatchedBaseline: 1, unmatchedCandidate: 0 });
  });

  it("keeps repeats of a case together and does not take them for duplicates", () => {
    const repeats = [row("a", { repeat: 0 }), row("b", { repeat: 0 }), row("a", { repeat: 1 })];
    expect(groupCases(repeats).map(({ caseId, rows: own }) => [caseId, own.length])).toEqual([
      ["a", 2],
      ["b", 1],
    ]);
    expect(paired(repeats, [row("a"), row("b")]).pairing).toMatchObject({ pairs: 2, duplicates: 0 });
  });

  it("loses and invents no case for any mixture of ids and inputs", () => {
    const random = seededRandom(31);
    const draw = () =>
      Array.from({ length: Math.floor(random() * 12) }, () => {
        const input = random() < 0.7 ? { inputHash: `h${Math.floor(random() * 4)}` } : {};
        return row(`c${Math.floor(random() * 6)}`, input);
      });
    for (let trial = 0; trial < 200; trial++) {
      const [a, b] = [draw(), draw()];
      const { pairs, pairing } = paired(a, b);
      expect(pairs.length + pairing.unmatchedBaseline).toBe(a.length);
      expect(pairs.length + pairing.unmatchedCandidate).toBe(b.length);
      expect(new Set(pairs.map(({ baseline }) => baseline)).size).toBe(pairs.length);
      expect(new Set(pairs.map(({ candidate }) => candidate)).size).toBe(pairs.length);
    }
  });

  it("lists at most a hundred unmatched ids and counts all of them", () => {
    const many = Array.from({ length: 250 }, (_, index) => row(`c${index}`));
    const { pairing } = paired(many, []);
    expect(pairing.unmatchedBaseline).toBe(250);
    expect(pairing.unmatchedBaselineIds).toHaveLength(100);
  });

  it("hashes what was asked apart from what was expected", () => {
    const asked = { input: "보험금은 얼마인가요?" };
    expect(askedOf({ ...asked })).toEqual({ input: "보험금은 얼마인가요?" });
    const one = expectedOf({ reference: "1억원", referenceContexts: [] });
    expect(one).not.toEqual(expectedOf({ reference: "2억원", referenceContexts: [] }));
  });
});

describe("comparing a metric in two runs", () => {
  it("sees a small change in every case that an unpaired test would miss", () => {
    const { before, after } = shifted(60, -0.04, 0.02);
    const found = only(compareRuns(run("a", rows({ quality: before })), run("b", rows({ quality: after }))));
    const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
    const sd = (values: readonly number[]) =>
      Math.sqrt(values.reduce((sum, v) => sum + (v - mean(values)) ** 2, 0) / (values.length - 1));
    const unpairedT = (mean(after) - mean(before)) / Math.sqrt((sd(before) ** 2 + sd(after) ** 2) / 60);
    expect(Math.abs(unpairedT)).toBeLessThan(1.96);
    expect(found.change).toBe("worse");
    expect(found.interval?.high).toBeLessThan(0);
    expect(found.test).toMatchObject({ name: "sign_flip", exact: false });
    expect(found.test?.pValue).toBeLessThan(0.001);
  });

  it("does not call a big drop of the mean worse when its p says it is chance", () => {
    // One case of eight collapses: the mean drops by 0.1, far more than 0.05.
    const before = [0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8];
    const after = [0.81, 0.8, 0.79, 0.8, 0.81, 0.79, 0.8, 0];
    const found = only(compareRuns(run("a", rows({ quality: before })), run("b", rows({ quality: after }))));
    expect(found.difference).toBeLessThan(-0.05);
    expect(found.test?.pValue).toBeGreaterThan(0.05);
    expect(found.change).toBe("no_evidence");
  });

  it("leaves out pairs without a score on either side and never counts them as 0", () => {
    const a = rows({ quality: [0.5, 0.6, "judge_error", 0.7] });
    const b = rows({ quality: [0.5, "judge_error", 0.9, 0.8] });
    const comparison = compareRuns(run("a", a), run("b", b));
    expect(only(comparison)).toMatchObject({ pairs: 2, unscoredPairs: 2 });
    expect(only(comparison).meanBaseline).toBeCloseTo(0.6, 12);
    expect(only(comparison).difference).toBeCloseTo(0.05, 12);
    expect(comparison.warnings).toContainEqual(
      expect.objectContaining({ code: "unscored_pairs", metric: "quality", count: 2 }),
    );
  });

  it("uses McNemar's test and the risk difference for passes and fails", () => {
    const before = [...new Array<number>(30).fill(1), ...new Array<number>(10).fill(0)];
    const after = before.map((pass, index) => (index < 9 ? 0 : index >= 38 ? 1 : pass));
    const found = only(compareRuns(run("a", rows({ quality: before })), run("b", rows({ quality: after }))));
    expect(found.test).toMatchObject({ name: "mcnemar", exact: true, pValue: mcnemarTest(9, 2).pValue });
    expect(found.effect.riskDifference).toBeCloseTo(-7 / 40, 12);
  });

  it("does not take scores for passes when the metric says they aren't", () => {
    const cases = rows({ quality: [1, 0, 1, 1] });
    const graded = [metric("quality", { binary: false })];
    const found = only(
      compareRuns(run("a", cases, graded), run("b", rows({ quality: [0, 0, 1, 1] }), graded)),
    );
    expect(found.test?.name).toBe("sign_flip");
    expect(found.effect.riskDifference).toBeNull();
  });

  it("averages repeats inside a case, so that repeating adds no pairs", () => {
    const repeat = (values: readonly (readonly number[])[]): CaseScores[] =>
      values.flatMap((scores, index) =>
        scores.map((score, at) => ({
          caseId: `c${index}`,
          repeat: at,
          tags: [],
          results: { quality: result(score) },
        })),
      );
    const a = repeat([
      [0.2, 0.4],
      [0.6, 0.8],
      [0.5, 0.5],
    ]);
    const b = repeat([
      [0.3, 0.5],
      [0.9, 0.7],
      [0.4, 0.6],
    ]);
    const found = only(compareRuns(run("a", a), run("b", b)));
    expect(found.pairs).toBe(3);
    expect(found.difference).toBeCloseTo((0.1 + 0.1 + 0) / 3, 12);
    expect(found.casesEqual).toBe(1);
    expect(found.noise?.sd).toBeGreaterThan(0);
  });

  it("calls a change within the noise of repeats no evidence", () => {
    const random = seededRandom(4);
    const noisy = (shift: number): CaseScores[] =>
      Array.from({ length: 40 }, (_, index) => index).flatMap((index) =>
        [0.4, -0.4].map((swing, at) => ({
          caseId: `c${index}`,
          repeat: at,
          tags: [],
          results: { quality: result(0.5 + shift + swing + 0.01 * random()) },
        })),
      );
    const found = only(compareRuns(run("a", noisy(0)), run("b", noisy(-0.05))));
    expect(found.interval?.high).toBeLessThan(0);
    expect(found.test?.adjustedPValue).toBeLessThan(0.01);
    expect(found.change).toBe("no_evidence");
  });

  it("turns the verdict, not the numbers, where lower is better", () => {
    const { before, after } = shifted(60, 0.05, 0.02);
    const lower = [metric("quality", { direction: "lower" })];
    const found = only(
      compareRuns(run("a", rows({ quality: before }), lower), run("b", rows({ quality: after }), lower)),
    );
    const plain = only(compareRuns(run("a", rows({ quality: before })), run("b", rows({ quality: after }))));
    expect(found.change).toBe("worse");
    expect(plain.change).toBe("better");
    expect(found.difference).toBe(plain.difference);
    expect(found.interval?.low).toBeCloseTo(plain.interval?.low ?? Number.NaN, 10);
    expect(found.interval?.high).toBeCloseTo(plain.interval?.high ?? Number.NaN, 10);
    expect(found.casesWorse).toBe(plain.casesBetter);
  });

  it("lists the cases that changed most, worst first", () => {
    const a = rows({ quality: [0.9, 0.5, 0.5, 0.4, 0.7] });
    const b = rows({ quality: [0.1, 0.5, 0.6, 0.9, 0.6] });
    const found = only(compareRuns(run("a", a), run("b", b)));
    expect(found.regressions.map(({ candidateCaseId }) => candidateCaseId)).toEqual(["c1", "c5"]);
    expect(found.improvements.map(({ candidateCaseId }) => candidateCaseId)).toEqual(["c4", "c3"]);
    expect(found.regressions[0]).toMatchObject({ baseline: 0.9, candidate: 0.1 });
    expect(only(compareRuns(run("a", a), run("b", b), { topCases: 1 })).regressions).toHaveLength(1);
  });

  it("finds nothing between a run and itself", () => {
    const { before } = shifted(50, 0, 0);
    const comparison = compareRuns(run("a", rows({ quality: before })), run("a", rows({ quality: before })));
    expect(only(comparison)).toMatchObject({ difference: 0, change: "no_evidence", casesEqual: 50 });
    expect(only(comparison).interval).toMatchObject({ low: 0, high: 0 });
    expect(only(comparison).test?.pValue).toBe(1);
    expect(comparison.warnings.map(({ code }) => code)).toEqual(["same_run"]);
  });

  it.each([
    ["wilcoxon", "wilcoxon"],
    ["paired_t", "paired_t"],
    ["sign_flip", "sign_flip"],
    ["mcnemar", "sign_flip"],
  ] as const)("uses the test %s when asked to and it fits", (test, name) => {
    const { before, after } = shifted(20, 0.02, 0.1);
    const found = compareRuns(run("a", rows({ quality: before })), run("b", rows({ quality: after })), {
      test,
    });
    expect(only(found).test?.name).toBe(name);
  });

  it("has no interval, test or effect for a single pair or none", () => {
    const single = only(compareRuns(run("a", rows({ quality: [0.5] })), run("b", rows({ quality: [0.6] }))));
    expect(single).toMatchObject({
      pairs: 1,
      interval: null,
      smallestDetectableEffect: null,
      change: "no_evidence",
    });
    const none = only(
      compareRuns(run("a", rows({ quality: ["judge_error"] })), run("b", rows({ quality: [0.6] }))),
    );
    expect(none).toMatchObject({ pairs: 0, meanBaseline: null, difference: null, test: null });
  });

  it("refuses a scored result without a number", () => {
    const broken = rows({ quality: [0.5, Number.NaN] });
    expect(() => compareRuns(run("a", broken), run("b", broken))).toThrow(RangeError);
  });
});

describe("comparing several metrics", () => {
  const names = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10"];

  it("corrects the p-values for how many there are", () => {
    const random = seededRandom(8);
    const columns = () =>
      Object.fromEntries(names.map((name) => [name, Array.from({ length: 30 }, () => random())]));
    const metrics = names.map((name) => metric(name));
    const comparison = compareRuns(run("a", rows(columns()), metrics), run("b", rows(columns()), metrics));
    for (const { test, change } of comparison.metrics) {
      expect(test?.adjustedPValue).toBeGreaterThanOrEqual(test?.pValue ?? 1);
      expect(change).toBe("no_evidence");
    }
    const raw = compareRuns(run("a", rows(columns()), metrics), run("b", rows(columns()), metrics), {
      correction: "none",
    });
    for (const { test } of raw.metrics) expect(test?.adjustedPValue).toBe(test?.pValue);
  });

  it("compares only what both runs have, and says what one lacks", () => {
    const a = run("a", rows({ m1: [0.5, 0.6], m2: [1, 1] }), [metric("m1"), metric("m2")]);
    const b = run("b", rows({ m1: [0.5, 0.7], m3: [1, 1] }), [metric("m1"), metric("m3")]);
    const comparison = compareRuns(a, b);
    expect(comparison.metrics.map((found) => found.metric)).toEqual(["m1"]);
    const missing = comparison.warnings.filter(({ code }) => code === "metric_in_one_run");
    expect(missing.map((warning) => warning.metric)).toEqual(["m2", "m3"]);
  });

  it("is what its contract says, and the same each time", () => {
    const { before, after } = shifted(30, -0.03, 0.1);
    const make = () => compareRuns(run("a", rows({ quality: before })), run("b", rows({ quality: after })));
    expect(Comparison.parse(make())).toEqual(make());
  });
});

describe("warnings that a comparison is unfair", () => {
  const cases = rows({ quality: [0.5, 0.6, 0.7] });
  const warningsOf = (b: Parameters<typeof compareRuns>[1], a = run("a", cases)) =>
    compareRuns(a, b).warnings.map(({ code, severity }) => [code, severity]);

  it("are none for the same data set, options and judge", () => {
    expect(warningsOf(run("b", cases))).toEqual([]);
  });

  it("only note another data set when every pair asked and expected the same", () => {
    const other = run("b", cases, [metric("quality")], { datasetHash: "other" });
    expect(warningsOf(other)).toEqual([["dataset_differs", "note"]]);
  });

  it("tell when cases asked something else or were graded by another key", () => {
    const asked = cases.map((row, index) => (index === 0 ? { ...row, inputHash: "new" } : row));
    const expected = cases.map((row) => ({ ...row, referenceHash: "new" }));
    const other = { datasetHash: "other" };
    expect(warningsOf(run("b", asked, [metric("quality")], other))).toContainEqual([
      "input_differs",
      "unfair",
    ]);
    expect(warningsOf(run("b", expected, [metric("quality")], other))).toContainEqual([
      "reference_differs",
      "unfair",
    ]);
  });

  it("tell when whether the cases are the same is not known", () => {
    const bare = cases.map(({ caseId, tags, results }) => ({ caseId, tags, results }));
    const other = run("b", bare, [metric("quality")], { datasetHash: "other" });
    expect(warningsOf(other)).toContainEqual(["dataset_unverified", "unfair"]);
  });

  it("tell when a metric had other options or counted the other way", () => {
    expect(warningsOf(run("b", cases, [metric("quality", { optionsHash: "other" })]))).toEqual([
      ["metric_options_differ", "unfair"],
    ]);
    expect(warningsOf(run("b", cases, [metric("quality", { direction: "lower" })]))).toEqual([
      ["direction_differs", "unfair"],
    ]);
  });

  it("tell when the judge changed, but only for metrics that ask one", () => {
    const judged = [metric("quality", { usesJudge: true })];
    const a = run("a", cases, judged, { judgeHash: "one" });
    expect(warningsOf(run("b", cases, judged, { judgeHash: "two" }), a)).toEqual([
      ["judge_differs", "unfair"],
    ]);
    const plain = run("a", cases, [metric("quality")], { judgeHash: "one" });
    expect(warningsOf(run("b", cases, [metric("quality")], { judgeHash: "two" }), plain)).toEqual([]);
  });

  it("count unmatched cases and shared ids", () => {
    const a = run("a", [...cases, ...cases.slice(0, 1)]);
    expect(warningsOf(run("b", cases), a)).toEqual([
      ["unmatched_cases", "note"],
      ["duplicate_cases", "note"],
    ]);
  });
});

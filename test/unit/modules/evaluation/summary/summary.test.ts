import { describe, expect, it } from "vitest";
import { MetricSummary, RunSummary } from "../../../../../contracts/comparison.ts";
import { RunAnalysis } from "../../../../../contracts/run-analysis.ts";
import { wilsonInterval } from "../../../../../src/modules/evaluation/statistics/rate-interval.ts";
import { analyseRun } from "../../../../../src/modules/evaluation/summary/analysis.rules.ts";
import type { CaseScores } from "../../../../../src/modules/evaluation/summary/run-scores.ts";
import {
  summarizeMetric,
  summarizeRun,
} from "../../../../../src/modules/evaluation/summary/summary.rules.ts";
import { type Given, metric, result, rows } from "../comparison/runs.ts";

const summary = (given: readonly Given[], more: Parameters<typeof metric>[1] = {}) =>
  summarizeMetric(metric("quality", more), rows({ quality: given }));

describe("the summary of a metric", () => {
  it("averages scored results only: a broken judge does not look like a bad model", () => {
    const found = summary([0.8, "judge_error", 0.6, "not_applicable", "cancelled"]);
    expect(found.mean).toBeCloseTo(0.7, 12);
    expect(found.coverage).toBeCloseTo(0.4, 12);
    expect(found.counts).toEqual({ scored: 2, not_applicable: 1, judge_error: 1, cancelled: 1, missing: 0 });
  });

  it("has no mean, interval or verdict when nothing is scored", () => {
    const found = summary(["judge_error", "judge_error"], { threshold: 0.7 });
    expect(found).toMatchObject({ mean: null, interval: null, p50: null, coverage: 0, casesFailed: 0 });
    expect(found.meetsThreshold).toBeNull();
    expect(summarizeMetric(metric("quality"), []).coverage).toBeNull();
  });

  it("counts a case that has no result of the metric as missing", () => {
    const cases: CaseScores[] = [
      { caseId: "a", tags: [], results: { quality: result(0.5) } },
      { caseId: "b", tags: [], results: { other: result(0.9) } },
    ];
    const found = summarizeMetric(metric("quality"), cases);
    expect(found.counts.missing).toBe(1);
    expect(found.coverage).toBe(0.5);
    expect(summarizeMetric(metric("constructor"), cases).counts.missing).toBe(2);
  });

  it("gives Wilson's interval for passes and fails and BCa for scores", () => {
    const passes = [1, 1, 1, 0, 1, 1, 0, 1, 1, 1];
    expect(summary(passes).interval).toEqual(wilsonInterval(8, 10));
    const graded = summary([0.4, 0.9, 0.7, 0.8, 0.65]).interval;
    expect(graded?.method).toBe("bca");
    expect(graded?.low).toBeLessThan(0.69);
    expect(graded?.high).toBeGreaterThan(0.69);
    expect(summary(passes, { binary: false }).interval?.method).toBe("bca");
  });

  it("keeps doubt about a metric that passed everywhere, and none about scores that are all the same", () => {
    expect(summary([1, 1, 1, 1, 1]).interval?.low).toBeLessThan(0.6);
    expect(summary([0.7, 0.7, 0.7]).interval).toMatchObject({ low: 0.7, high: 0.7 });
    expect(summary([0.7]).interval).toBeNull();
  });

  it("counts failed cases on the side that the direction says", () => {
    expect(summary([0.2, 0.5, 0.9], { threshold: 0.5 })).toMatchObject({
      casesFailed: 1,
      meetsThreshold: true,
    });
    expect(summary([0.2, 0.5, 0.9], { threshold: 0.5, direction: "lower" })).toMatchObject({
      casesFailed: 1,
      meetsThreshold: false,
    });
    expect(summary([0.2, 0.5]).casesFailed).toBeNull();
  });

  it("averages repeats inside a case, and a mean equal to the threshold passes", () => {
    const cases = [0.7, 0.7, 0.7].map((score, repeat) => ({
      caseId: "a",
      repeat,
      tags: [],
      results: { quality: result(score) },
    }));
    const found = summarizeMetric(metric("quality", { threshold: 0.7 }), cases);
    expect(found).toMatchObject({ cases: 1, total: 3, casesFailed: 0, meetsThreshold: true });
  });

  it("weighs cases alike however often they were repeated", () => {
    const row = (caseId: string, repeat: number, score: number): CaseScores => ({
      caseId,
      repeat,
      tags: [],
      results: { quality: result(score) },
    });
    const cases = [row("a", 0, 0), row("a", 1, 0), row("a", 2, 0), row("b", 0, 0.9)];
    expect(summarizeMetric(metric("quality"), cases).mean).toBeCloseTo(0.45, 12);
  });

  it("gives quantiles and reasons, most frequent first", () => {
    const found = summary([0.1, 0.2, 0.3, 0.4, 0.5, "judge_error", "judge_error", "not_applicable"]);
    expect([found.p10, found.p50, found.p90].map((q) => q?.toFixed(2))).toEqual(["0.14", "0.30", "0.46"]);
    expect(found.reasons).toEqual([
      { status: "judge_error", reasonCode: "because_judge_error", count: 2 },
      { status: "not_applicable", reasonCode: "because_not_applicable", count: 1 },
    ]);
  });

  it("adds up tokens and cost over every result, failed ones included, and prices nothing it does not know", () => {
    const use = (input: number, costMicros: number | null) => ({ tokens: { input, output: 10 }, costMicros });
    const cases: CaseScores[] = [
      {
        caseId: "a",
        tags: [],
        results: { quality: result(0.5, use(100, 30)), other: result(0.1, use(7, 5)) },
      },
      { caseId: "b", tags: [], results: { quality: result("judge_error", use(300, 90)) } },
      { caseId: "c", tags: [], results: { quality: result(0.6, use(50, null)) } },
    ];
    const found = summarizeRun({ metrics: [metric("quality"), metric("other")], cases });
    expect(found.metrics[0]).toMatchObject({
      tokens: { input: 450, output: 30 },
      costMicros: 120,
      unpricedResults: 1,
    });
    expect(found).toMatchObject({
      cases: 3,
      tokens: { input: 457, output: 40 },
      costMicros: 125,
      unpricedResults: 1,
    });
    expect(RunSummary.parse(found)).toEqual(found);
  });

  it("is what its contract says", () => {
    const found = summary([0.5, 0.75, "judge_error"], { threshold: 0.6 });
    expect(MetricSummary.parse(found)).toEqual(found);
  });
});

describe("the analysis of a run", () => {
  const tagged = rows({
    quality: [0.9, 0.2, 0.8, 0.1, "judge_error", 0.7],
    length: [0.1, 0.8, 0.2, 0.9, 0.5, 0.3],
    constant: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
  }).map((row, index) => ({ ...row, tags: index % 2 === 0 ? ["ko", "all"] : ["en", "all"] }));
  const metrics = [
    metric("quality", { threshold: 0.5 }),
    metric("length", { direction: "lower" }),
    metric("constant"),
  ];
  const found = analyseRun({ metrics, cases: tagged }, { worst: 2 });

  it("lists the worst cases by direction and leaves out what was not scored", () => {
    const ids = found.worstCases.map(({ cases }) => cases.map(({ caseId }) => caseId));
    expect(ids.slice(0, 2)).toEqual([
      ["c4", "c2"],
      ["c4", "c2"],
    ]);
    expect(found.worstCases[0]?.cases[0]).toMatchObject({
      score: 0.1,
      meetsThreshold: false,
      tags: ["en", "all"],
    });
  });

  it("breaks means down by tag, with intervals, the most frequent tag first", () => {
    expect(found.tags.map(({ tag, cases }) => [tag, cases])).toEqual([
      ["all", 6],
      ["en", 3],
      ["ko", 3],
    ]);
    const [korean] = found.tags[2]?.metrics ?? [];
    expect(korean).toMatchObject({ metric: "quality", cases: 2 });
    expect(korean?.mean).toBeCloseTo(0.85, 12);
    expect(korean?.interval?.low).toBeGreaterThanOrEqual(0.8);
  });

  it("correlates metrics over the cases scored on both", () => {
    const [pair, flat] = found.correlations;
    expect(pair).toMatchObject({ metrics: ["quality", "length"], cases: 5 });
    expect(pair?.pearson).toBeLessThan(-0.99);
    expect(pair?.spearman).toBeCloseTo(-1, 12);
    expect(flat).toMatchObject({ metrics: ["quality", "constant"], pearson: null, spearman: null });
    expect(found.correlations).toHaveLength(3);
  });

  it("says how many tags it left out", () => {
    const short = analyseRun({ metrics, cases: tagged }, { maxTags: 1 });
    expect(short.tags.map(({ tag }) => tag)).toEqual(["all"]);
    expect(short.tagsLeftOut).toBe(2);
  });

  it("is what its contract says, for an empty run too", () => {
    expect(RunAnalysis.parse(found)).toEqual(found);
    const empty = analyseRun({ metrics, cases: [] });
    expect(RunAnalysis.parse(empty)).toEqual(empty);
    expect(empty.worstCases.every(({ cases }) => cases.length === 0)).toBe(true);
  });
});

import { describe, expect, it } from "vitest";
import { costMicros, priceOf } from "../../../../src/modules/evaluation/judging/prices.rules.ts";
import {
  type CostOfCalls,
  type PreviewedMetric,
  previewCost,
} from "../../../../src/modules/policy/cost-preview.rules.ts";

interface Case {
  readonly contexts: number;
}

const cases: Case[] = [{ contexts: 1 }, { contexts: 3 }];

/** One micro for each input token and ten for each output token of the model "known"; no price for any other. */
const costOf: CostOfCalls = (model, calls, { inputTokens, outputTokens }) =>
  model === "known" ? calls * (inputTokens + 10 * outputTokens) : null;

const perContext: PreviewedMetric<Case> = {
  name: "noise_sensitivity",
  model: "known",
  callsOf: ({ contexts }) => 2 * contexts + 3,
  tokensOf: ({ contexts }) => ({ inputTokens: 100 * contexts, outputTokens: 20 }),
};
const free: PreviewedMetric<Case> = { ...perContext, name: "token_f1", model: null, callsOf: () => 0 };

describe("the cost preview", () => {
  it("multiplies calls, tokens and price, case by case", () => {
    const plain = { inputScale: 1, outputScale: 1, repairRate: 0 };
    const found = previewCost(cases, [perContext], costOf, {
      scenarios: { low: plain, expected: plain, high: plain },
    });
    // 5 calls of 100 + 20 tokens and 9 calls of 300 + 20.
    expect(found.calls.expected).toBe(14);
    expect(found.metrics[0]?.inputTokens.expected).toBe(5 * 100 + 9 * 300);
    expect(found.costMicros.expected).toBe(5 * 300 + 9 * 500);
  });

  it("counts a second turn, with the refused answer sent back, for calls that need repair", () => {
    const found = previewCost([{ contexts: 1 }], [perContext], costOf, {
      scenarios: {
        low: { inputScale: 1, outputScale: 1, repairRate: 0 },
        expected: { inputScale: 1, outputScale: 1, repairRate: 0.2 },
        high: { inputScale: 1, outputScale: 1, repairRate: 1 },
      },
    });
    expect(found.calls).toEqual({ low: 5, expected: 6, high: 10 });
    expect(found.costMicros).toEqual({ low: 1_500, expected: 1_500 + 320, high: 1_500 + 1_600 });
  });

  it("keeps low below expected below high", () => {
    const { metrics, costMicros: cost, calls } = previewCost(cases, [perContext], costOf);
    for (const range of [cost, calls, metrics[0]?.inputTokens, metrics[0]?.outputTokens]) {
      expect(range?.low).toBeLessThanOrEqual(range?.expected ?? 0);
      expect(range?.expected).toBeLessThan(range?.high ?? 0);
    }
  });

  it("costs nothing for metrics without a model", () => {
    const found = previewCost(cases, [free], costOf);
    expect(found.costMicros).toEqual({ low: 0, expected: 0, high: 0 });
    expect(found.metrics[0]).toMatchObject({
      metric: "token_f1",
      costMicros: { low: 0, expected: 0, high: 0 },
    });
    expect(found.unpricedModels).toEqual([]);
  });

  it("names a model without a price and never prices it as another", () => {
    const unknown = { ...perContext, name: "faithfulness", model: "known-2" };
    const found = previewCost(cases, [perContext, unknown], costOf);
    expect(found.metrics[1]?.costMicros).toBeNull();
    expect(found.metrics[1]?.calls.expected).toBeGreaterThan(0);
    expect(found.unpricedModels).toEqual(["known-2"]);
    expect(found.costMicros).toEqual(previewCost(cases, [perContext], costOf).costMicros);
  });

  it("scales a sample up to the run and multiplies by repeats", () => {
    const one = previewCost(cases, [perContext], costOf).costMicros;
    const scaled = previewCost(cases, [perContext], costOf, { totalCases: 200, repeats: 3 });
    expect(scaled.cases).toBe(200);
    expect(scaled.costMicros.low).toBe(one.low * 300);
  });

  it("is zero for no case", () => {
    expect(previewCost([], [perContext], costOf)).toMatchObject({ cases: 0, costMicros: { high: 0 } });
  });

  it("works with a dated price table", () => {
    const table = [
      {
        provider: "p",
        model: "m",
        from: "2026-01-01",
        inputMicrosPerMillion: 1_000_000,
        outputMicrosPerMillion: 4_000_000,
      },
    ];
    const priced: CostOfCalls = (model, calls, each) => {
      const cost = costMicros(priceOf(table, "p", model, new Date("2026-05-01T00:00:00Z")), each);
      return cost === null ? null : cost * calls;
    };
    const plain = { inputScale: 1, outputScale: 1, repairRate: 0 };
    const options = { scenarios: { low: plain, expected: plain, high: plain } };
    const metric = { ...perContext, model: "m" };
    expect(previewCost([{ contexts: 1 }], [metric], priced, options).costMicros.expected).toBe(5 * 180);
    expect(
      previewCost([{ contexts: 1 }], [{ ...metric, model: "m2" }], priced, options).unpricedModels,
    ).toEqual(["m2"]);
  });
});

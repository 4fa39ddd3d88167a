import { describe, expect, it } from "vitest";
import {
  costMicros,
  estimateCostMicros,
  listPrices,
  type PriceEntry,
  priceOf,
  withPrices,
} from "../../../../../src/modules/evaluation/judging/prices.rules.ts";

const day = (text: string) => new Date(`${text}T12:00:00Z`);
const entry = (model: string, from: string, input: number, output = 0): PriceEntry => ({
  provider: "openai",
  model,
  from,
  inputMicrosPerMillion: input,
  outputMicrosPerMillion: output,
});

describe("the price of a model", () => {
  it("is found by exact name only: a longer or shorter name has no price", () => {
    expect(priceOf(listPrices, "openai", "gpt-4o-mini", day("2026-01-01"))?.inputMicrosPerMillion).toBe(
      150_000,
    );
    for (const model of ["gpt-4o-mini-2099-01-01", "gpt-4", "gpt-4o-min", "GPT-4o-mini", "my-gpt-4o-mini"]) {
      expect(priceOf(listPrices, "openai", model, day("2026-01-01"))).toBeNull();
    }
    expect(priceOf(listPrices, "azure-openai", "gpt-4o-mini", day("2026-01-01"))).toBeNull();
  });

  it("is the latest one whose day has come", () => {
    const table = [
      entry("m", "2025-06-01", 200),
      entry("m", "2025-01-01", 100),
      entry("m", "2026-01-01", 300),
    ];
    expect(priceOf(table, "openai", "m", day("2024-12-31"))).toBeNull();
    expect(priceOf(table, "openai", "m", day("2025-01-01"))?.inputMicrosPerMillion).toBe(100);
    expect(priceOf(table, "openai", "m", day("2025-12-31"))?.inputMicrosPerMillion).toBe(200);
    expect(priceOf(table, "openai", "m", day("2030-01-01"))?.inputMicrosPerMillion).toBe(300);
  });

  it("is nothing for a self-hosted provider unless the table says otherwise", () => {
    expect(priceOf(listPrices, "ollama", "qwen3", day("2026-01-01"))?.inputMicrosPerMillion).toBe(0);
    const own = [{ ...entry("qwen3", "2025-01-01", 70), provider: "ollama" }];
    expect(priceOf(withPrices(own), "ollama", "qwen3", day("2026-01-01"))?.inputMicrosPerMillion).toBe(70);
    expect(priceOf(listPrices, "openai-compatible", "qwen3", day("2026-01-01"))).toBeNull();
  });

  it("can be replaced and added to", () => {
    const table = withPrices(
      [entry("m", "2025-01-01", 5)],
      [entry("m", "2025-01-01", 9), entry("n", "2025-01-01", 1)],
    );
    expect(table).toHaveLength(2);
    expect(priceOf(table, "openai", "m", day("2026-01-01"))?.inputMicrosPerMillion).toBe(5);
  });

  it("has no two entries for one day in the built-in list", () => {
    const keys = listPrices.map(({ provider, model, from }) => `${provider} ${model} ${from}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(listPrices.every(({ from }) => /^\d{4}-\d\d-\d\d$/.test(from))).toBe(true);
  });
});

describe("the cost of tokens", () => {
  const price = entry("m", "2025-01-01", 150_000, 600_000);

  it("is exact and rounded up to a whole micro", () => {
    expect(costMicros(price, { inputTokens: 1_000_000, outputTokens: 0 })).toBe(150_000);
    expect(costMicros(price, { inputTokens: 1500, outputTokens: 200 })).toBe(345);
    expect(costMicros(price, { inputTokens: 1, outputTokens: 0 })).toBe(1);
    expect(costMicros(price, { inputTokens: 0, outputTokens: 0 })).toBe(0);
    const dear = entry("d", "2025-01-01", 75_000_001, 0);
    expect(costMicros(dear, { inputTokens: 1_000_000_007, outputTokens: 0 })).toBe(75_000_001_526);
  });

  it("is unknown without a price, and for a prompt beyond the tariff", () => {
    expect(costMicros(null, { inputTokens: 5, outputTokens: 5 })).toBeNull();
    const bounded = { ...price, maxInputTokens: 1000 };
    expect(costMicros(bounded, { inputTokens: 1000, outputTokens: 1 })).toBe(151);
    expect(costMicros(bounded, { inputTokens: 1001, outputTokens: 1 })).toBeNull();
  });

  it("is estimated over many calls without adding the rounding of each", () => {
    const each = { inputTokens: 1, outputTokens: 0 };
    expect(estimateCostMicros(price, 1000, each)).toBe(150);
    expect(estimateCostMicros({ ...price, maxInputTokens: 10 }, 1000, each)).toBe(150);
    expect(
      estimateCostMicros({ ...price, maxInputTokens: 10 }, 1, { inputTokens: 11, outputTokens: 0 }),
    ).toBeNull();
    expect(estimateCostMicros(null, 10, each)).toBeNull();
  });
});

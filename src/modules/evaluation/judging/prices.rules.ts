/** What a provider asks per million tokens, from a day on; money in micros (millionths of a US dollar). */
export interface PriceEntry {
  readonly provider: string;
  /** The exact name of the model, as it is sent. */
  readonly model: string;
  /** The first day (UTC, ISO 8601) on which this price holds. */
  readonly from: string;
  readonly inputMicrosPerMillion: number;
  readonly outputMicrosPerMillion: number;
  /** A longer prompt has another tariff, which is not known here. */
  readonly maxInputTokens?: number;
}

interface TokenCount {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Providers that run on the operator's own machines and ask nothing per token. */
const selfHosted = new Set(["ollama", "vllm"]);

/**
 * The price of a model on a day: the exact provider and model with the latest day that has come. A model that is not
 * in the table has no price (`null`); it is never priced as another one. Self-hosted providers cost nothing unless the
 * table says otherwise.
 */
export function priceOf(
  table: readonly PriceEntry[],
  provider: string,
  model: string,
  at: Date,
): PriceEntry | null {
  const day = at.toISOString().slice(0, 10);
  let best: PriceEntry | null = null;
  for (const entry of table) {
    if (entry.provider !== provider || entry.model !== model || entry.from > day) continue;
    if (!best || entry.from >= best.from) best = entry;
  }
  if (best || !selfHosted.has(provider)) return best;
  return { provider, model, from: "1970-01-01", inputMicrosPerMillion: 0, outputMicrosPerMillion: 0 };
}

/** The cost in micros, rounded up to a whole one, in integer arithmetic; `null` when there is no price for it. */
export function costMicros(price: PriceEntry | null, tokens: TokenCount): number | null {
  if (!price || (price.maxInputTokens !== undefined && tokens.inputTokens > price.maxInputTokens))
    return null;
  const exact =
    BigInt(tokens.inputTokens) * BigInt(price.inputMicrosPerMillion) +
    BigInt(tokens.outputTokens) * BigInt(price.outputMicrosPerMillion);
  return Number((exact + 999_999n) / 1_000_000n);
}

/** The cost of `calls` calls of the same size, for a preview; `null` when there is no price. */
export function estimateCostMicros(price: PriceEntry | null, calls: number, each: TokenCount): number | null {
  if (price?.maxInputTokens !== undefined && each.inputTokens > price.maxInputTokens) return null;
  const total = { inputTokens: each.inputTokens * calls, outputTokens: each.outputTokens * calls };
  if (!price) return null;
  const { maxInputTokens: _, ...flat } = price;
  return costMicros(flat, total);
}

/** The built-in table with an operator's entries behind it: the same provider, model and day replaces, others add. */
export function withPrices(
  own: readonly PriceEntry[],
  table: readonly PriceEntry[] = listPrices,
): PriceEntry[] {
  const same = (a: PriceEntry, b: PriceEntry) =>
    a.provider === b.provider && a.model === b.model && a.from === b.from;
  return [...table.filter((entry) => !own.some((mine) => same(mine, entry))), ...own];
}

type Row = readonly [model: string, from: string, input: number, output: number, maxInputTokens?: number];

const long = 272_000;
const openai: readonly Row[] = [
  ["gpt-6-astra", "2026-09-03", 10_000_000, 50_000_000, long],
  ["gpt-6-sol", "2026-09-22", 2_000_000, 10_000_000, long],
  ["gpt-6-luna", "2026-09-22", 100_000, 500_000, long],
  ["gpt-5.6-terra", "2026-07-09", 2_500_000, 15_000_000, long],
  ["gpt-5.6-terra", "2026-07-30", 2_000_000, 12_000_000, long],
  ["gpt-5.6-luna", "2026-07-09", 1_000_000, 6_000_000, long],
  ["gpt-5.6-luna", "2026-07-30", 200_000, 1_200_000, long],
  ["gpt-5", "2025-08-07", 1_250_000, 10_000_000],
  ["gpt-5-mini", "2025-08-07", 250_000, 2_000_000],
  ["gpt-5-nano", "2025-08-07", 50_000, 400_000],
  ["gpt-4.1", "2025-04-14", 2_000_000, 8_000_000],
  ["gpt-4.1-mini", "2025-04-14", 400_000, 1_600_000],
  ["gpt-4.1-nano", "2025-04-14", 100_000, 400_000],
  ["gpt-4o", "2024-10-02", 2_500_000, 10_000_000],
  ["gpt-4o-2024-08-06", "2024-08-06", 2_500_000, 10_000_000],
  ["gpt-4o-mini", "2024-07-18", 150_000, 600_000],
  ["gpt-4o-mini-2024-07-18", "2024-07-18", 150_000, 600_000],
  ["text-embedding-3-small", "2024-01-25", 20_000, 0],
  ["text-embedding-3-large", "2024-01-25", 130_000, 0],
  ["text-embedding-ada-002", "2023-06-13", 100_000, 0],
];
const anthropic: readonly Row[] = [
  ["claude-opus-5-5", "2026-09-22", 4_000_000, 20_000_000],
  ["claude-sonnet-5-5", "2026-09-29", 2_000_000, 10_000_000],
  ["claude-opus-5", "2026-07-24", 5_000_000, 25_000_000],
  ["claude-opus-4-5-20251101", "2025-11-24", 5_000_000, 25_000_000],
  ["claude-sonnet-4-5-20250929", "2025-09-29", 3_000_000, 15_000_000],
  ["claude-haiku-4-5-20251001", "2025-10-15", 1_000_000, 5_000_000],
  ["claude-3-5-haiku-20241022", "2024-12-03", 800_000, 4_000_000],
];
const workersAi: readonly Row[] = [
  ["@cf/meta/llama-3.2-3b-instruct", "2025-02-20", 51_000, 335_000],
  ["@cf/meta/llama-3.1-8b-instruct-fp8-fast", "2025-02-20", 45_000, 384_000],
  ["@cf/meta/llama-3.1-8b-instruct", "2025-02-20", 282_000, 827_000],
  ["@cf/meta/llama-3.3-70b-instruct-fp8-fast", "2025-02-20", 293_000, 2_253_000],
  ["@cf/baai/bge-small-en-v1.5", "2025-02-20", 20_000, 0],
  ["@cf/baai/bge-base-en-v1.5", "2025-02-20", 67_000, 0],
  ["@cf/baai/bge-large-en-v1.5", "2025-02-20", 204_000, 0],
];

/** List prices as published by the providers, without discounts for batches or cached prompts: an upper bound. */
export const listPrices: readonly PriceEntry[] = [
  ...rows("openai", openai),
  ...rows("anthropic", anthropic),
  ...rows("workers-ai", workersAi),
];

function rows(provider: string, table: readonly Row[]): PriceEntry[] {
  return table.map(([model, from, inputMicrosPerMillion, outputMicrosPerMillion, maxInputTokens]) => ({
    provider,
    model,
    from,
    inputMicrosPerMillion,
    outputMicrosPerMillion,
    ...(maxInputTokens === undefined ? {} : { maxInputTokens }),
  }));
}

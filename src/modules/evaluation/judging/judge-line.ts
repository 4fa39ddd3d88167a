import type { LlmPort, TokenUsage } from "../../../kernel/ports/llm.ts";
import { AppError, type Failure, toFailure } from "../../../kernel/problem.ts";
import type { Random } from "../../../kernel/random.ts";
import type { RetryPolicy } from "../../../kernel/retry.ts";
import type { JudgeCall } from "../judge.ts";
import type { JudgeCache, JudgeCacheEntry } from "./judge-cache.ts";
import { costMicros, listPrices, type PriceEntry, priceOf } from "./prices.rules.ts";
import { retrying, sleepMs } from "./retrying.ts";
import { slots } from "./slots.ts";

/** One request to the provider, before it is sent; tokens are estimates. */
export interface PlannedCall {
  readonly provider: string;
  readonly model: string;
  readonly kind: "chat" | "embedding";
  readonly inputTokens: number;
}

/** One request to the provider, after it: what it used, or how it failed. */
export interface FinishedCall extends PlannedCall {
  readonly usage?: TokenUsage;
  readonly costMicros?: number | null;
  readonly failure?: Failure;
}

export interface JudgeParams {
  /** `null` leaves the provider's own default; 0 unless told. */
  readonly temperature?: number | null;
  readonly seed?: number;
  readonly maxTokens?: number;
}

export interface JudgeOptions {
  readonly llm: LlmPort;
  readonly tenantId: string;
  /** Part of the cache key, so that two servers of one provider are told apart. */
  readonly baseUrl?: string;
  readonly model: string;
  readonly embeddingModel?: string;
  /** The provider of the embedding model, when it is another one. */
  readonly embeddingLlm?: LlmPort;
  readonly params?: JudgeParams;
  readonly cache?: JudgeCache;
  /** A cache that fails is passed over; this is told. */
  readonly onCacheError?: (error: unknown) => void;
  readonly prices?: readonly PriceEntry[];
  /** Awaited before every request, retries included: a token bucket may wait here, or throw. */
  readonly beforeCall?: (call: PlannedCall, signal?: AbortSignal) => Promise<void>;
  /** Told after every request, failed ones included: accounting, and what a token bucket learns from a 429. */
  readonly afterCall?: (call: FinishedCall) => void;
  /** Requests under way at once; 6 unless told, the connections that a Worker may hold open. */
  readonly maxConcurrent?: number;
  readonly retry?: RetryPolicy;
  readonly maxWaitMs?: number;
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly random?: Random;
  readonly now?: () => Date;
}

/** What judging and embedding share: one request with its hooks, slots, retries and price. */
export interface JudgeLine {
  readonly options: JudgeOptions;
  request<Answer extends { readonly usage: TokenUsage }>(
    plan: PlannedCall,
    signal: AbortSignal | undefined,
    send: () => Promise<Answer>,
  ): Promise<Answer>;
  cost(provider: string, model: string, usage: TokenUsage): Pick<JudgeCall, "costMicros" | "priceUnknown">;
  cached(key: string): Promise<JudgeCacheEntry | undefined>;
  remember(key: string, entry: JudgeCacheEntry): Promise<void>;
}

const defaultRetry: RetryPolicy = { baseMs: 500, capMs: 8_000, maxAttempts: 3 };

/** Puts the hooks, slots, retries, prices and the forgiving cache of a judge together. */
export function judgeLine(options: JudgeOptions): JudgeLine {
  const inSlot = slots(options.maxConcurrent ?? 6);
  const retry = {
    policy: options.retry ?? defaultRetry,
    maxWaitMs: options.maxWaitMs ?? 10_000,
    sleep: options.sleep ?? sleepMs,
    random: options.random ?? Math.random,
  };
  const cost = (provider: string, model: string, usage: TokenUsage) => {
    if (usage.inputTokens + usage.outputTokens === 0) return 0;
    const at = options.now?.() ?? new Date();
    return costMicros(priceOf(options.prices ?? listPrices, provider, model, at), usage);
  };
  return {
    options,
    request: (plan, signal, send) =>
      retrying(retry, signal, async () => {
        await options.beforeCall?.(plan, signal);
        try {
          const reply = await inSlot(send, signal);
          options.afterCall?.({
            ...plan,
            usage: reply.usage,
            costMicros: cost(plan.provider, plan.model, reply.usage),
          });
          return reply;
        } catch (error) {
          if (error instanceof AppError) options.afterCall?.({ ...plan, failure: toFailure(error) });
          throw error;
        }
      }),
    cost(provider, model, usage) {
      const known = cost(provider, model, usage);
      return known === null ? { costMicros: 0, priceUnknown: true } : { costMicros: known };
    },
    async cached(key) {
      try {
        return await options.cache?.get(key);
      } catch (error) {
        options.onCacheError?.(error);
        return undefined;
      }
    },
    async remember(key, entry) {
      try {
        await options.cache?.put(key, entry);
      } catch (error) {
        options.onCacheError?.(error);
      }
    },
  };
}

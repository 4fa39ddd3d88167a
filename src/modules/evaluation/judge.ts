import type * as z from "zod";
import type { ChatMessage, TokenCandidate } from "../../kernel/ports/llm.ts";

/** The record of one call to a judge model, kept in the evidence of the score it served. */
export interface JudgeCall {
  readonly promptName: string;
  readonly promptVersion: string;
  readonly provider: string;
  readonly model: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** What this call used; nothing when the answer came from the cache or was shared with an equal call in flight. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicros: number;
  /** There is no price for this model, so `costMicros` is 0 for want of one. */
  readonly priceUnknown?: true;
  /** Parameters that the model refuses and that were left out. */
  readonly ignoredParams?: readonly string[];
  readonly cached: boolean;
  readonly repaired: boolean;
}

export interface JudgeQuestion<Value> {
  readonly promptName: string;
  readonly promptVersion: string;
  readonly messages: readonly ChatMessage[];
  readonly answer: z.ZodType<Value>;
  readonly topLogprobs?: number;
  /** The number of a repeat of the same question; repeats are cached apart and each has a seed of its own. */
  readonly sample?: number;
  /** In place of the judge's own temperature, for repeats that must differ. */
  readonly temperature?: number;
}

/** The answer of a judge: a value that fits the schema, or why there is none. */
export type JudgeOutcome<Value> =
  | {
      readonly ok: true;
      readonly value: Value;
      readonly call: JudgeCall;
      readonly logprobs?: readonly (readonly TokenCandidate[])[];
    }
  | {
      readonly ok: false;
      readonly reasonCode: string;
      readonly detail: string;
      readonly calls: readonly JudgeCall[];
    };

/**
 * Asks a model and embeds texts, with schema-constrained output, one repair turn, accounting and a cache. Transient
 * provider failures are thrown as `AppError`, so that the job is retried; an answer that cannot be used is a value.
 */
export interface Judge {
  ask<Value>(question: JudgeQuestion<Value>, signal?: AbortSignal): Promise<JudgeOutcome<Value>>;
  embed(
    texts: readonly string[],
    signal?: AbortSignal,
  ): Promise<{ readonly vectors: readonly (readonly number[])[]; readonly call: JudgeCall }>;
}

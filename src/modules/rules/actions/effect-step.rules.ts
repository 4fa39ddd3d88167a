import type { RuleAction } from "../../../../contracts/rule-actions.ts";
import type { Random } from "../../../kernel/random.ts";
import { backoffMs, type RetryPolicy } from "../../../kernel/retry.ts";
import type { EffectOutcome } from "./effect.ts";

/** About half a day of tries. */
export const effectRetry: RetryPolicy = { baseMs: 2_000, capMs: 7_200_000, maxAttempts: 18 };

/** What becomes of an effect after an attempt. */
export type EffectStep =
  | { readonly state: "sent"; readonly detail: string; readonly jobId: string | null }
  | { readonly state: "retry"; readonly at: number; readonly detail: string }
  | { readonly state: "dead"; readonly detail: string };

const mostDetail = 500;

/**
 * Decides after attempt `attempt` (1 is the first): sent; another try after a back-off with full jitter, or the
 * receiver's `Retry-After` when that is longer; or dead. An effect that may happen once at most is never tried again.
 */
export function nextEffectStep(
  outcome: EffectOutcome,
  attempt: number,
  delivery: RuleAction["delivery"],
  now: number,
  random: Random,
): EffectStep {
  const detail = outcome.detail.slice(0, mostDetail);
  if (outcome.done) return { state: "sent", detail, jobId: outcome.jobId ?? null };
  const again = outcome.retryable && delivery === "atLeastOnce" && attempt < effectRetry.maxAttempts;
  if (!again) return { state: "dead", detail };
  return { state: "retry", at: now + backoffMs(effectRetry, attempt, random, outcome.retryAfterMs), detail };
}

import { AppError } from "../../../kernel/problem.ts";
import type { Random } from "../../../kernel/random.ts";
import { backoffMs, type RetryPolicy } from "../../../kernel/retry.ts";

interface RetryingOptions {
  readonly policy: RetryPolicy;
  /** A longer wait is left to the job engine: the error is thrown at once. */
  readonly maxWaitMs: number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly random: Random;
}

/** Tries again after a transient failure, with full jitter, at most `policy.maxAttempts` times in all. */
export async function retrying<Value>(
  options: RetryingOptions,
  signal: AbortSignal | undefined,
  attemptOnce: () => Promise<Value>,
): Promise<Value> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce();
    } catch (error) {
      if (!(error instanceof AppError) || !error.retryable || attempt >= options.policy.maxAttempts)
        throw error;
      const waitMs = backoffMs(options.policy, attempt, options.random, error.failure.retryAfterMs);
      if (waitMs > options.maxWaitMs) throw error;
      await options.sleep(waitMs, signal);
    }
  }
}

/** A timer that an abort ends early, by throwing the signal's reason. */
export function sleepMs(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

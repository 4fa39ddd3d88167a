import type { Random } from "./random.ts";

export interface RetryPolicy {
  readonly baseMs: number;
  readonly capMs: number;
  readonly maxAttempts: number;
}

/**
 * The wait before attempt `attempt + 1`: uniform in [0, min(cap, base·2^(attempt−1))], the "full jitter" of
 * aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter. A `Retry-After` wins when it is longer.
 */
export function backoffMs(policy: RetryPolicy, attempt: number, random: Random, retryAfterMs = 0): number {
  const ceiling = Math.min(policy.capMs, policy.baseMs * 2 ** Math.max(0, attempt - 1));
  return Math.max(Math.floor(random() * (ceiling + 1)), retryAfterMs);
}

/** HTTP answers worth another try: 408, 425, 429 and 5xx but 501. */
export function isTransientStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501);
}

/** What the client needs of the machine; tests give their own. */
export interface Transport {
  readonly fetch: typeof fetch;
  /** Resolves after so many milliseconds, or rejects when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Uniform in [0, 1). */
  random(): number;
  /** Epoch milliseconds. */
  now(): number;
}

export const retryPolicy = { baseMs: 250, capMs: 8_000, attempts: 5, longestWaitMs: 60_000 } as const;

/** Uniform in [0, min(cap, base·2^(attempt−1))]: "full jitter". A longer `Retry-After` wins. */
export function backoffMs(attempt: number, random: number, retryAfterMs = 0): number {
  const ceiling = Math.min(retryPolicy.capMs, retryPolicy.baseMs * 2 ** (attempt - 1));
  return Math.max(Math.floor(random * (ceiling + 1)), retryAfterMs);
}

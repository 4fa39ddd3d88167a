const longestMs = 120_000;

/**
 * Until when a source is left alone after the poll of `dueAt` failed, the `failures`-th in a row: the next due time asks
 * again after one failure; then every second, every fourth … , at most two minutes apart or one interval, whichever is
 * longer. A `Retry-After` wins when it is longer. Epoch milliseconds.
 */
export function backOffUntil(
  failures: number,
  dueAt: number,
  intervalMs: number,
  now: number,
  retryAfterMs = 0,
): number {
  const cap = Math.max(longestMs, intervalMs);
  const wait = Math.min(cap, intervalMs * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return Math.max(dueAt + wait, now + Math.min(retryAfterMs, cap));
}

const leastMs = 500;
const mostMs = 30_000;

/**
 * The wait before the next attempt to dial: uniform between half a second and a bound that doubles from one second to
 * thirty ("full jitter", aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter).
 */
export function reconnectDelayMs(failures: number, random: number): number {
  const bound = Math.min(mostMs, 1000 * 2 ** Math.min(Math.max(0, failures - 1), 10));
  return Math.round(leastMs + random * Math.max(0, bound - leastMs));
}

const givesUpAfter = 10;
const givesUpMs = 10 * 60_000;

/**
 * Whether the process should end so that its supervisor starts it anew: what is wrong may be in the process itself.
 * `lostAt`: when the last link ended, or when the process started.
 */
export function shouldGiveUp(state: {
  readonly failures: number;
  readonly lostAt: number;
  readonly now: number;
}): boolean {
  return state.failures >= givesUpAfter || state.now - state.lostAt >= givesUpMs;
}

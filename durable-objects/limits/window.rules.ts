/** One fixed window of a caller's allowance. `startedAt` is in milliseconds. */
export interface LimitWindow {
  readonly startedAt: number;
  readonly windowMs: number;
  readonly taken: number;
}

export interface LimitAsk {
  /** How many requests the asker would like to be granted at once. */
  readonly want: number;
  readonly limit: number;
  readonly windowSeconds: number;
  readonly now: number;
}

export interface LimitGrant {
  readonly granted: number;
  /** What nobody has been granted yet. */
  readonly remaining: number;
  /** When the window ends, in milliseconds. */
  readonly endsAt: number;
}

const shareOfRest = 8;

/**
 * Grants a share of what is left in the window, at most an eighth of it, so that many askers find something until the
 * very end. The grants of one window never add up to more than the limit.
 */
export function takeFromWindow(
  current: LimitWindow | null,
  { want, limit, windowSeconds, now }: LimitAsk,
): { window: LimitWindow; grant: LimitGrant } {
  const windowMs = windowSeconds * 1000;
  const aligned = Math.floor(now / windowMs) * windowMs;
  // An asker whose clock is behind must not reopen a window that has gone.
  const startedAt = current?.windowMs === windowMs ? Math.max(aligned, current.startedAt) : aligned;
  const isSame = current !== null && current.windowMs === windowMs && current.startedAt === startedAt;
  const before = isSame ? current.taken : 0;
  const rest = Math.max(0, limit - before);
  const share = Math.max(1, Math.floor(rest / shareOfRest));
  const granted = rest === 0 ? 0 : Math.min(Math.max(1, want), share);
  const taken = before + granted;
  return {
    window: { startedAt, windowMs, taken },
    grant: { granted, remaining: Math.max(0, limit - taken), endsAt: startedAt + windowMs },
  };
}

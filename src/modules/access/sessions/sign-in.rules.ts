/** What is remembered of failed sign-ins to one account. */
export interface Attempts {
  readonly failures: number;
  readonly blockedUntil: Date | null;
  readonly expiresAt: Date;
}

const freeFailures = 5;
const firstBlockMs = 30_000;
const longestBlockMs = 15 * 60_000;
const memoryMs = 60 * 60_000;

/** How long the account still has to wait, in milliseconds; 0 when it needn't. */
export function blockedForMs(attempts: Attempts | undefined, now: Date): number {
  return Math.max(0, (attempts?.blockedUntil?.getTime() ?? 0) - now.getTime());
}

/**
 * The memory after one more failure. The fifth failure blocks the account for 30 s, each further one for twice as long,
 * 15 minutes at most; an hour without a failure forgets them.
 */
export function afterFailure(attempts: Attempts | undefined, now: Date): Attempts {
  const failures = attempts !== undefined && attempts.expiresAt > now ? attempts.failures + 1 : 1;
  const blockMs =
    failures < freeFailures ? 0 : Math.min(longestBlockMs, firstBlockMs * 2 ** (failures - freeFailures));
  return {
    failures,
    blockedUntil: blockMs === 0 ? null : new Date(now.getTime() + blockMs),
    expiresAt: new Date(now.getTime() + memoryMs),
  };
}

import type { ProviderUse } from "./job-store.ts";
import type { ProviderLimits } from "./limits.ts";
import { noteTaken, usedIn, waitForRoom } from "./rate-window.rules.ts";

const breakerThreshold = 5;
const breakerBaseMs = 30_000;
const breakerCapMs = 300_000;
const leastFactor = 0.05;
const growthPerMinute = 0.05;
/** Several 429s of one burst are one lesson. */
const lessonMs = 10_000;

/** A provider of which nothing is known yet. */
export function newProvider(): ProviderUse {
  return {
    inFlight: 0,
    requests: [],
    tokens: [],
    heldRequests: 0,
    heldTokens: 0,
    factor: 1,
    factorAt: 0,
    learned: 0,
    quietUntil: 0,
    failures: 0,
    openUntil: 0,
    openMs: breakerBaseMs,
  };
}

/** The learned share of the limits at `now`: halved by a 429, and 5 points more for every minute since. */
export function factorAt(use: ProviderUse, now: number): number {
  const minutes = Math.max(0, Math.floor((now - use.factorAt) / 60_000));
  return Math.min(1, use.factor + growthPerMinute * minutes);
}

/** Requests and tokens that may be taken in a minute at `now`. */
export function effectiveLimits(
  use: ProviderUse,
  limits: ProviderLimits | undefined,
  now: number,
): { requests: number; tokens: number } {
  const factor = factorAt(use, now);
  const base = limits?.requestsPerMinute ?? (use.learned > 0 && factor < 1 ? use.learned : undefined);
  const scaled = (limit: number | undefined) =>
    limit === undefined ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(limit * factor));
  return { requests: scaled(base), tokens: scaled(limits?.tokensPerMinute) };
}

/** Until when nothing may start there: the provider's own `Retry-After`, or an open breaker; null when it is open. */
export function closedUntil(use: ProviderUse, now: number): number | null {
  const until = Math.max(use.quietUntil, use.openUntil);
  return until > now ? until : null;
}

/** Leases that may still start: the limit less those in flight, and a single trial behind a breaker that was open. */
export function leaseRoom(use: ProviderUse, limits: ProviderLimits | undefined): number {
  const limit = use.failures >= breakerThreshold ? 1 : (limits?.concurrency ?? Number.POSITIVE_INFINITY);
  return Math.max(0, limit - use.inFlight);
}

/**
 * Milliseconds until the amounts fit in both windows: 0 now, null when a hold must be released first. An amount
 * larger than the whole limit is asked for as the limit.
 */
export function waitForWindows(
  use: ProviderUse,
  limits: ProviderLimits | undefined,
  now: number,
  requests: number,
  tokens: number,
): number | null {
  const limit = effectiveLimits(use, limits, now);
  const first = waitForRoom(
    use.requests,
    now,
    use.heldRequests,
    Math.min(requests, limit.requests),
    limit.requests,
  );
  const second = waitForRoom(use.tokens, now, use.heldTokens, Math.min(tokens, limit.tokens), limit.tokens);
  return first === null || second === null ? null : Math.max(first, second);
}

/** The same for amounts that a lease holds already: they need room in the windows only, which may have shrunk since. */
export function waitForHeld(
  use: ProviderUse,
  limits: ProviderLimits | undefined,
  now: number,
  requests: number,
  tokens: number,
): number {
  const limit = effectiveLimits(use, limits, now);
  const first = waitForRoom(use.requests, now, 0, Math.min(requests, limit.requests), limit.requests);
  const second = waitForRoom(use.tokens, now, 0, Math.min(tokens, limit.tokens), limit.tokens);
  return Math.max(first ?? 0, second ?? 0);
}

/** Notes requests and tokens as taken now. */
export function noteUse(use: ProviderUse, now: number, requests: number, tokens: number): void {
  use.requests = noteTaken(use.requests, now, requests);
  use.tokens = noteTaken(use.tokens, now, tokens);
}

/** A 429: half the rate (at most once in ten seconds), and silence for as long as the provider asks. */
export function learnRateLimit(use: ProviderUse, now: number, retryAfterMs: number): void {
  use.quietUntil = Math.max(use.quietUntil, now + retryAfterMs);
  if (use.factorAt > now - lessonMs && use.factor < 1) return;
  if (factorAt(use, now) >= 1) use.learned = Math.max(1, usedIn(use.requests, now));
  use.factor = Math.max(leastFactor, factorAt(use, now) / 2);
  use.factorAt = now;
}

/** Five failures in a row open the breaker, 30 s at first and twice as long each time, 5 min at most. */
export function noteFailure(use: ProviderUse, now: number): void {
  use.failures += 1;
  if (use.failures < breakerThreshold || use.openUntil > now) return;
  use.openUntil = now + use.openMs;
  use.openMs = Math.min(breakerCapMs, use.openMs * 2);
}

/** A call that succeeded: closes the breaker and forgets the failures before. */
export function noteSuccess(use: ProviderUse): void {
  use.failures = 0;
  use.openUntil = 0;
  use.openMs = breakerBaseMs;
}

/** Whether it holds nothing worth keeping. */
export function isForgettable(use: ProviderUse, now: number): boolean {
  return (
    use.inFlight === 0 &&
    use.heldRequests === 0 &&
    use.heldTokens === 0 &&
    use.failures === 0 &&
    use.quietUntil <= now &&
    factorAt(use, now) >= 1 &&
    usedIn(use.requests, now) === 0 &&
    usedIn(use.tokens, now) === 0
  );
}

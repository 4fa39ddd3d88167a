import { describe, expect, it } from "vitest";
import {
  closedUntil,
  effectiveLimits,
  factorAt,
  isForgettable,
  learnRateLimit,
  leaseRoom,
  newProvider,
  noteFailure,
  noteSuccess,
  noteUse,
} from "../../../../../src/modules/jobs/engine/provider.rules.ts";

const limits = { requestsPerMinute: 100, tokensPerMinute: 1_000 };
const t = 1_000_000;

describe("what is learned of a provider", () => {
  it("halves the limits on a 429, once for a burst of them", () => {
    const use = newProvider();
    learnRateLimit(use, t, 1_000);
    learnRateLimit(use, t + 500, 1_000);
    expect(effectiveLimits(use, limits, t + 500)).toEqual({ requests: 50, tokens: 500 });
    learnRateLimit(use, t + 20_000, 1_000);
    expect(effectiveLimits(use, limits, t + 20_000)).toEqual({ requests: 25, tokens: 250 });
  });

  it("gives five points back for every minute without one, up to the whole", () => {
    const use = newProvider();
    learnRateLimit(use, t, 0);
    expect(factorAt(use, t + 59_999)).toBe(0.5);
    expect(factorAt(use, t + 120_000)).toBeCloseTo(0.6);
    expect(factorAt(use, t + 3_600_000)).toBe(1);
  });

  it("never goes below one request, nor below a twentieth", () => {
    const use = newProvider();
    for (let i = 0; i < 50; i++) learnRateLimit(use, t + i * 11_000, 0);
    expect(factorAt(use, t + 49 * 11_000)).toBeGreaterThanOrEqual(0.05);
    expect(effectiveLimits(use, { requestsPerMinute: 2 }, t + 49 * 11_000).requests).toBe(1);
  });

  it("learns a limit that nobody configured from what was being sent", () => {
    const use = newProvider();
    noteUse(use, t, 40, 0);
    expect(effectiveLimits(use, undefined, t).requests).toBe(Number.POSITIVE_INFINITY);
    learnRateLimit(use, t + 1, 0);
    expect(effectiveLimits(use, undefined, t + 1).requests).toBe(20);
    expect(effectiveLimits(use, undefined, t + 3_600_000).requests).toBe(Number.POSITIVE_INFINITY);
  });

  it("stays silent for as long as the provider asks", () => {
    const use = newProvider();
    learnRateLimit(use, t, 30_000);
    learnRateLimit(use, t + 1, 1_000);
    expect(closedUntil(use, t + 1)).toBe(t + 30_000);
    expect(closedUntil(use, t + 30_000)).toBeNull();
  });

  it("opens the breaker after five failures in a row, longer each time, and lets one trial through", () => {
    const use = newProvider();
    for (let i = 0; i < 4; i++) noteFailure(use, t);
    expect(closedUntil(use, t)).toBeNull();
    noteFailure(use, t);
    expect(closedUntil(use, t)).toBe(t + 30_000);
    expect(leaseRoom(use, { concurrency: 9 })).toBe(1);
    noteFailure(use, t + 30_000);
    expect(closedUntil(use, t + 30_000)).toBe(t + 90_000);
    for (let i = 0; i < 9; i++) noteFailure(use, t + 1_000_000 * (i + 1));
    expect(use.openUntil - (t + 9_000_000)).toBe(300_000);
    noteSuccess(use);
    expect(closedUntil(use, t)).toBeNull();
    expect(leaseRoom(use, { concurrency: 9 })).toBe(9);
  });

  it("is forgotten only when nothing is left to remember", () => {
    const use = newProvider();
    expect(isForgettable(use, t)).toBe(true);
    noteUse(use, t, 1, 0);
    expect(isForgettable(use, t + 59_999)).toBe(false);
    expect(isForgettable(use, t + 60_000)).toBe(true);
    expect(isForgettable({ ...use, inFlight: 1 }, t + 60_000)).toBe(false);
  });
});

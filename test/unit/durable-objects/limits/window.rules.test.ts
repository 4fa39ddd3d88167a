import { describe, expect, it } from "vitest";
import { type LimitWindow, takeFromWindow } from "../../../../durable-objects/limits/window.rules.ts";
import { seededRandom } from "../../../../src/kernel/random.ts";

const ask = { want: 1, limit: 10, windowSeconds: 60, now: 120_000 };

describe("a window of allowance", () => {
  it("grants one by one until the limit, then nothing until the window ends", () => {
    let window: LimitWindow | null = null;
    const granted: number[] = [];
    for (let i = 0; i < 12; i++) {
      const taken = takeFromWindow(window, { ...ask, now: ask.now + i });
      window = taken.window;
      granted.push(taken.grant.granted);
    }
    expect(granted).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
    const next = takeFromWindow(window, { ...ask, now: 180_000 });
    expect(next.grant).toEqual({ granted: 1, remaining: 9, endsAt: 240_000 });
  });

  it("gives at most an eighth of what is left at once", () => {
    expect(takeFromWindow(null, { ...ask, want: 500, limit: 800 }).grant).toMatchObject({
      granted: 100,
      remaining: 700,
    });
    const late = { startedAt: 120_000, windowMs: 60_000, taken: 797 };
    expect(takeFromWindow(late, { ...ask, want: 500, limit: 800 }).grant.granted).toBe(1);
  });

  it("is not reopened by an asker whose clock is behind", () => {
    const full = { startedAt: 120_000, windowMs: 60_000, taken: 10 };
    expect(takeFromWindow(full, { ...ask, now: 119_000 }).grant).toMatchObject({
      granted: 0,
      endsAt: 180_000,
    });
  });

  it("starts again when the length of the window is changed", () => {
    const full = { startedAt: 120_000, windowMs: 60_000, taken: 10 };
    expect(takeFromWindow(full, { ...ask, windowSeconds: 10 }).grant.granted).toBe(1);
  });

  it("never grants more than the limit in a window, whatever is asked in whatever order", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 200; round++) {
      const limit = 1 + Math.floor(random() * 300);
      const totals = new Map<number, number>();
      let window: LimitWindow | null = null;
      for (let i = 0; i < 400; i++) {
        const now = 60_000 + Math.floor(random() * 300_000);
        const want = 1 + Math.floor(random() * 50);
        const taken = takeFromWindow(window, { want, limit, windowSeconds: 60, now });
        window = taken.window;
        const { endsAt, granted } = taken.grant;
        totals.set(endsAt, (totals.get(endsAt) ?? 0) + granted);
      }
      for (const total of totals.values()) expect(total).toBeLessThanOrEqual(limit);
    }
  });
});

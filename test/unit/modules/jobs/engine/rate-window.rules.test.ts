import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../../src/kernel/random.ts";
import type { WindowEntries } from "../../../../../src/modules/jobs/engine/job-store.ts";
import { noteTaken, usedIn, waitForRoom } from "../../../../../src/modules/jobs/engine/rate-window.rules.ts";

describe("a provider's minute", () => {
  it("forgets what was taken a minute ago, not a millisecond earlier", () => {
    const entries = noteTaken([], 1_000, 5);
    expect(usedIn(entries, 60_999)).toBe(5);
    expect(usedIn(entries, 61_000)).toBe(0);
  });

  it("says how long to wait until enough has been forgotten", () => {
    const entries: WindowEntries = [
      [1_000, 3],
      [5_000, 4],
    ];
    expect(waitForRoom(entries, 10_000, 0, 3, 10)).toBe(0);
    expect(waitForRoom(entries, 10_000, 0, 6, 10)).toBe(51_000);
    expect(waitForRoom(entries, 10_000, 0, 8, 10)).toBe(55_000);
    expect(waitForRoom(entries, 10_000, 3, 8, 10)).toBeNull();
    expect(waitForRoom(entries, 10_000, 99, 0, 10)).toBe(0);
  });

  it("never lets more than the limit into any minute, and stays small", () => {
    const random = seededRandom(3);
    const limit = 50;
    let entries: WindowEntries = [];
    const taken: [number, number][] = [];
    for (let now = 0; now < 900_000; now += Math.floor(random() * 700)) {
      const amount = 1 + Math.floor(random() * 5);
      if (waitForRoom(entries, now, 0, amount, limit) !== 0) continue;
      entries = noteTaken(entries, now, amount);
      taken.push([now, amount]);
      expect(entries.length).toBeLessThanOrEqual(61);
    }
    for (const [from] of taken) {
      const inMinute = taken.filter(([at]) => at >= from && at < from + 60_000);
      expect(inMinute.reduce((sum, [, amount]) => sum + amount, 0)).toBeLessThanOrEqual(limit);
    }
    const total = taken.reduce((sum, [, amount]) => sum + amount, 0);
    expect(total).toBeGreaterThan(limit * 13);
  });

  it("counts entries of a clock that ran ahead", () => {
    const entries = noteTaken([], 500_000, 5);
    expect(usedIn(entries, 100_000)).toBe(5);
    expect(noteTaken(entries, 100_000, 2)).toEqual([[500_000, 7]]);
  });
});

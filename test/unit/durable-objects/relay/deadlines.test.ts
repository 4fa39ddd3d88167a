import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Deadlines } from "../../../../durable-objects/relay/deadlines.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("deadlines", () => {
  it("come each at its instant, in whatever order they were set", () => {
    const deadlines = new Deadlines();
    const came: string[] = [];
    for (const [name, ms] of Object.entries({ c: 300, a: 100, b: 200, b2: 200 }))
      deadlines.add(() => came.push(`${name} ${Date.now() - from}`), ms);
    const from = Date.now();
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1000);
    expect(came).toEqual(["a 100", "b 200", "b2 200", "c 300"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("don't come when they were taken back, also by one that comes at the same instant", () => {
    const deadlines = new Deadlines();
    const came: string[] = [];
    const first = deadlines.add(() => came.push("first"), 100);
    deadlines.add(() => {
      came.push("second");
      third();
    }, 200);
    const third = deadlines.add(() => came.push("third"), 200);
    first();
    vi.advanceTimersByTime(1000);
    expect(came).toEqual(["second"]);
  });

  it("leave no timer behind that would keep the object awake", () => {
    const deadlines = new Deadlines();
    const [one, two] = [deadlines.add(() => {}, 30_000), deadlines.add(() => {}, 30_000)];
    one();
    expect(vi.getTimerCount()).toBe(1);
    two();
    expect(vi.getTimerCount()).toBe(0);
    two();
    deadlines.add(() => {}, 10)();
    expect(vi.getTimerCount()).toBe(0);
  });
});

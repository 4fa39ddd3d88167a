import { describe, expect, it } from "vitest";
import { leaseOf, mustAsk, wantOf } from "../../../src/platform/quota.rules.ts";

const grant = (granted: number, remaining: number) => ({ granted, remaining, endsAt: 1000 });

describe("a lease of allowance", () => {
  it("asks for little first and for more each time, up to a twentieth of the limit", () => {
    let lease: ReturnType<typeof leaseOf> | undefined;
    const wants: number[] = [];
    for (let i = 0; i < 6; i++) {
      const want = wantOf(lease, 600);
      wants.push(want);
      lease = leaseOf(grant(want, 500), want);
    }
    expect(wants).toEqual([6, 12, 24, 30, 30, 30]);
    expect(wantOf(undefined, 5)).toBe(1);
  });

  it("counts the request that asked", () => {
    expect(leaseOf(grant(6, 90), 6)).toEqual({ endsAt: 1000, left: 5, remaining: 90, want: 12 });
  });

  it("asks again when it is used up, but not when the window is empty", () => {
    expect(mustAsk(undefined)).toBe(true);
    expect(mustAsk(leaseOf(grant(1, 90), 1))).toBe(true);
    expect(mustAsk(leaseOf(grant(2, 0), 1))).toBe(false);
    expect(mustAsk(leaseOf(grant(0, 0), 1))).toBe(false);
  });
});

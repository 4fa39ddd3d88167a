import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { runningClock, virtualClock } from "../../../../support/kube/api-server/clock.ts";
import { nameSuffix, seededNumbers, uuidOf } from "../../../../support/kube/api-server/numbers.ts";
import { quantityOf, quantityText } from "../../../../support/kube/api-server/quantity.ts";

describe("a virtual clock", () => {
  it("runs what falls due in the order of its instants, also what is set on the way", async () => {
    const clock = virtualClock(1_000);
    const ran: string[] = [];
    clock.after(30, () => ran.push(`c${clock.now()}`));
    clock.after(10, () => {
      ran.push(`a${clock.now()}`);
      clock.after(10, () => ran.push(`b${clock.now()}`));
    });
    const cancel = clock.after(15, () => ran.push("never"));
    cancel();
    clock.after(41, () => ran.push("later"));
    await clock.advance(40);
    expect(ran).toEqual(["a1010", "b1020", "c1030"]);
    expect(clock.now()).toBe(1_040);
  });
});

describe("a running clock", () => {
  it("goes faster than the wall's, can't be moved, and stops", async () => {
    const clock = runningClock(0, 100);
    let ran = false;
    clock.after(2_000, () => {
      ran = true;
    });
    let never = false;
    clock.after(60_000, () => {
      never = true;
    });
    await wait(60);
    expect(clock.now()).toBeGreaterThanOrEqual(5_000);
    expect(ran).toBe(true);
    await expect(clock.advance(1)).rejects.toThrow("can't be moved");
    clock.stop();
    expect(never).toBe(false);
  });
});

describe("seeded numbers", () => {
  it("are the same for the same seed, and in the interval", () => {
    const left = seededNumbers(7);
    const right = seededNumbers(7);
    const drawn = Array.from({ length: 100 }, () => left());
    expect(drawn).toEqual(Array.from({ length: 100 }, () => right()));
    expect(drawn.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(new Set(drawn).size).toBe(100);
    expect(uuidOf(left)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(nameSuffix(left)).toHaveLength(5);
  });
});

describe("quantities", () => {
  it("are read and written with their units", () => {
    expect(["500m", "1Gi", "2k", "1e3", "0.5", 3, "-1"].map(quantityOf)).toEqual([
      0.5,
      2 ** 30,
      2000,
      1000,
      0.5,
      3,
      -1,
    ]);
    expect(["", "Gi", "1GB", null, "1 Gi"].map(quantityOf)).toEqual(Array(5).fill(undefined));
    expect([0.5, 2 ** 30, 3 * 2 ** 20, 1000, 0, 1.25].map(quantityText)).toEqual([
      "500m",
      "1Gi",
      "3Mi",
      "1000",
      "0",
      "1250m",
    ]);
  });
});

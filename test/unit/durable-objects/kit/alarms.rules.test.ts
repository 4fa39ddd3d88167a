import { describe, expect, it } from "vitest";
import {
  afterFailure,
  afterSuccess,
  dueNow,
  nextWakeUp,
} from "../../../../durable-objects/kit/alarms.rules.ts";

const due = (reason: string, at: number) => ({ reason, at, failures: 0 });

it("wakes at the earliest of many reasons", () => {
  expect(nextWakeUp([])).toBeUndefined();
  expect(nextWakeUp([due("a", 30), due("b", 10), due("c", 20)])).toBe(10);
});

it("handles what is due, the longest waiting first", () => {
  const dues = [due("a", 30), due("b", 10), due("c", 20), due("d", 21)];
  expect(dueNow(dues, 20).map(({ reason }) => reason)).toEqual(["b", "c"]);
});

describe("a reason that was handled", () => {
  it("is forgotten, or waits for its next time", () => {
    expect(afterSuccess(due("a", 60), 60, undefined)).toBeUndefined();
    expect(afterSuccess(due("a", 60), 60, 500)).toBe(500);
  });

  it("stays when somebody asked for it meanwhile", () => {
    expect(afterSuccess(due("a", 12), 60, undefined)).toBe(12);
    expect(afterSuccess(due("a", 12), 60, 500)).toBe(12);
    expect(afterSuccess(due("a", 600), 60, 500)).toBe(500);
  });
});

it("tries a reason that failed again later and later, within five minutes, never at once", () => {
  for (let failures = 1; failures < 30; failures++) {
    expect(afterFailure(failures, 1000, () => 0)).toBe(1250);
    const latest = afterFailure(failures, 1000, () => 0.999999);
    expect(latest).toBeLessThanOrEqual(1250 + Math.min(300_000, 1000 * 2 ** (failures - 1)));
  }
});

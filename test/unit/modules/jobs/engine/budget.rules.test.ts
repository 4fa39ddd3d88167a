import { describe, expect, it } from "vitest";
import {
  newBudget,
  refusedUntil,
  reserve,
  rollOver,
  settle,
} from "../../../../../src/modules/jobs/engine/budget.rules.ts";

const noon = Date.UTC(2026, 10, 21, 12);
const hour = 3_600_000;

describe("a budget", () => {
  it("refuses what doesn't fit beside what is spent and reserved, until its period ends", () => {
    const use = newBudget("UTC", noon);
    reserve(use, 60);
    settle(use, 30, 0);
    expect(refusedUntil(use, { dayMicros: 100 }, 10)).toBeNull();
    expect(refusedUntil(use, { dayMicros: 100 }, 11)).toBe(noon + 12 * hour);
    expect(refusedUntil(use, { monthMicros: 100 }, 11)).toBe(Date.UTC(2026, 11, 1));
    expect(refusedUntil(use, { dayMicros: 100, monthMicros: 100 }, 11)).toBe(Date.UTC(2026, 11, 1));
    expect(refusedUntil(use, undefined, 1e9)).toBeNull();
    expect(refusedUntil(use, { dayMicros: 0 }, 0)).toBeNull();
  });

  it("begins a new day without losing the month or what is reserved", () => {
    const use = newBudget("UTC", noon);
    reserve(use, 40);
    settle(use, 25, 15);
    rollOver(use, "UTC", noon + 12 * hour);
    expect(use).toMatchObject({ daySpent: 0, monthSpent: 25, reserved: 25, dayEndsAt: noon + 36 * hour });
  });

  it("doesn't come back to an old day when the clock goes back", () => {
    const use = newBudget("UTC", noon);
    rollOver(use, "UTC", noon + 12 * hour);
    settle(use, 10, 0);
    rollOver(use, "UTC", noon + 11 * hour);
    expect(use.daySpent).toBe(10);
  });
});

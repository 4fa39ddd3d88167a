import { dayEnd, monthEnd } from "./calendar.rules.ts";
import type { BudgetUse } from "./job-store.ts";
import type { BudgetLimits } from "./limits.ts";

/** A budget that nothing has been spent of, in the periods of `now`. */
export function newBudget(zone: string, now: number): BudgetUse {
  return {
    dayEndsAt: dayEnd(zone, now),
    daySpent: 0,
    monthEndsAt: monthEnd(zone, now),
    monthSpent: 0,
    reserved: 0,
  };
}

/** Begins the new day or month when it has come. A clock that goes back doesn't bring the old one back. */
export function rollOver(use: BudgetUse, zone: string, now: number): void {
  if (now >= use.dayEndsAt) {
    use.daySpent = 0;
    use.dayEndsAt = dayEnd(zone, now);
  }
  if (now >= use.monthEndsAt) {
    use.monthSpent = 0;
    use.monthEndsAt = monthEnd(zone, now);
  }
}

/**
 * Null when `micros` fit under both limits beside what is spent and reserved; otherwise when the period ends that
 * stands in the way. Work without a cost always fits.
 */
export function refusedUntil(
  use: BudgetUse,
  limits: BudgetLimits | undefined,
  micros: number,
): number | null {
  if (limits === undefined || micros === 0) return null;
  const wanted = use.reserved + micros;
  if (limits.monthMicros !== undefined && use.monthSpent + wanted > limits.monthMicros)
    return use.monthEndsAt;
  if (limits.dayMicros !== undefined && use.daySpent + wanted > limits.dayMicros) return use.dayEndsAt;
  return null;
}

/** Whether `micros` are more than a whole day or month may cost, so that waiting can't help. */
export function neverFits(limits: BudgetLimits | undefined, micros: number): boolean {
  const { dayMicros = Number.POSITIVE_INFINITY, monthMicros = Number.POSITIVE_INFINITY } = limits ?? {};
  return micros > Math.min(dayMicros, monthMicros) && micros > 0;
}

/** Holds `micros` for a lease, until they are settled. */
export function reserve(use: BudgetUse, micros: number): void {
  use.reserved += micros;
}

/** Books `spent` and gives `released` of the reservation back. */
export function settle(use: BudgetUse, spent: number, released: number): void {
  use.daySpent += spent;
  use.monthSpent += spent;
  use.reserved = Math.max(0, use.reserved - released);
}

import { civilOf, dayOf } from "../../kernel/civil.ts";
import { localAt, startOfDate, zoneOf } from "../../kernel/zone.ts";

/** A half-open stretch of time, `startAt` ≤ t < `endAt`, in milliseconds since 1970 UTC. */
export interface Period {
  readonly startAt: number;
  readonly endAt: number;
}

/** The calendar day and month around an instant in a time zone; days of 23 or 25 hours included. */
export function localPeriods(
  now: number,
  timeZone: string,
): { readonly day: Period; readonly month: Period } {
  const zone = zoneOf(timeZone);
  const { year, month, day } = civilOf(dayOf(localAt(zone, now)));
  const start = (m: number, d: number) => startOfDate(zone, year, m, d);
  return {
    day: { startAt: start(month, day), endAt: start(month, day + 1) },
    month: { startAt: start(month, 1), endAt: start(month + 1, 1) },
  };
}

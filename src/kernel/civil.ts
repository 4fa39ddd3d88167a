/** One day in milliseconds of a clock without transitions. */
export const dayMs = 86_400_000;

/** A date of the proleptic Gregorian calendar; months are 1 to 12. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/**
 * Days since 1970-01-01 of a date. Days outside the month count on, as in `dayNumber(2026, 3, 0)` = 28 February.
 */
export function dayNumber(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / dayMs;
}

/** The date of a day number. */
export function civilOf(day: number): CivilDate {
  const date = new Date(day * dayMs);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** The weekday of a day number: 0 Sunday to 6 Saturday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** How many days the month has: 28 to 31. */
export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The day number of a local time; a local time is written as the instant at which a clock at UTC would show it. */
export function dayOf(local: number): number {
  return Math.floor(local / dayMs);
}

const localShape = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?)?$/;

/** Reads `2026-03-08`, `2026-03-08T02:30` or `2026-03-08T02:30:00` as a local time in ms; null when there is none such. */
export function parseLocal(text: string): number | null {
  const parts = localShape.exec(text);
  if (parts === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  return dayNumber(year, month, day) * dayMs + ((hour * 60 + minute) * 60 + second) * 1000;
}

import { dayNumber, daysInMonth, weekdayOf } from "../../../kernel/civil.ts";
import type { Cron, DayPick } from "./cron.ts";

/** The days of a month on which the expression is due, as bits: bit `d` for day `d`. */
export function cronDays(cron: Cron, year: number, month: number): number {
  if (!cron.months.includes(month)) return 0;
  const length = daysInMonth(year, month);
  const first = weekdayOf(dayNumber(year, month, 1));
  const byDay = bitsOf(cron.monthDays, length, first);
  const byWeekday = bitsOf(cron.weekdays, length, first);
  return cron.either ? byDay | byWeekday : byDay & byWeekday;
}

function bitsOf(picks: readonly DayPick[], length: number, first: number): number {
  let bits = 0;
  for (const pick of picks) {
    for (const day of daysOf(pick, length, first)) {
      if (day >= 1 && day <= length) bits |= 1 << day;
    }
  }
  return bits;
}

/** Days that the pick names; those outside the month are for the caller to drop. */
function daysOf(pick: DayPick, length: number, first: number): readonly number[] {
  switch (pick.pick) {
    case "days":
      return pick.days;
    case "fromEnd": {
      const day = length - pick.back;
      return [pick.nearest ? nearestWorkday(day, length, first) : day];
    }
    case "nearest":
      return [nearestWorkday(pick.day, length, first)];
    case "weekdays":
      return pick.weekdays.flatMap((weekday) => weeksOf(weekday, first));
    case "nth":
      return [firstOf(pick.weekday, first) + 7 * (pick.nth - 1)];
    case "lastOf":
      return weeksOf(pick.weekday, first)
        .filter((day) => day <= length)
        .slice(-1);
  }
}

function firstOf(weekday: number, first: number): number {
  return 1 + ((weekday - first + 7) % 7);
}

function weeksOf(weekday: number, first: number): number[] {
  const day = firstOf(weekday, first);
  return [day, day + 7, day + 14, day + 21, day + 28];
}

/** The Monday to Friday nearest to a day of the month without leaving the month; 0 when the month has no such day. */
function nearestWorkday(day: number, length: number, first: number): number {
  if (day < 1 || day > length) return 0;
  const weekday = (first + day - 1) % 7;
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === length ? day - 2 : day + 1;
  return day;
}

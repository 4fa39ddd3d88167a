import { civilOf, dayMs, dayNumber, dayOf } from "../../../kernel/civil.ts";
import type { LocalCalendar } from "../local-calendar.ts";
import type { Cron } from "./cron.ts";
import { cronDays } from "./cron-days.rules.ts";

/** 29 February falls on a given weekday again after at most 40 years, as across 2100. */
const horizonMonths = 48 * 12;

/** A cron expression as a recurrence on the wall clock; both directions cost a few additions per month passed over. */
export function cronCalendar(cron: Cron): LocalCalendar {
  const latestFirst = {
    hours: cron.hours.toReversed(),
    minutes: cron.minutes.toReversed(),
    seconds: cron.seconds.toReversed(),
  };
  const firstTime = timeFrom(cron, 0) ?? 0;
  const lastTime = timeUpTo(latestFirst, 86_399) ?? 0;
  return {
    repeats: cron.atIntervals,
    nextFrom(from) {
      const day = dayOf(from);
      const today = isDue(cron, day) ? timeFrom(cron, Math.ceil((from - day * dayMs) / 1000)) : null;
      if (today !== null) return day * dayMs + today * 1000;
      const next = dueDayFrom(cron, day + 1);
      return next === null ? null : next * dayMs + firstTime * 1000;
    },
    lastUpTo(to) {
      const day = dayOf(to);
      const today = isDue(cron, day) ? timeUpTo(latestFirst, Math.floor((to - day * dayMs) / 1000)) : null;
      if (today !== null) return day * dayMs + today * 1000;
      const last = dueDayUpTo(cron, day - 1);
      return last === null ? null : last * dayMs + lastTime * 1000;
    },
  };
}

type Times = Pick<Cron, "hours" | "minutes" | "seconds">;

/** The first second of the day, at `from` or later, that the lists name; null when the day has no more. */
function timeFrom({ hours, minutes, seconds }: Times, from: number): number | null {
  for (const hour of hours) {
    if (hour * 3600 + 3599 < from) continue;
    for (const minute of minutes) {
      const start = hour * 3600 + minute * 60;
      if (start + 59 < from) continue;
      for (const second of seconds) if (start + second >= from) return start + second;
    }
  }
  return null;
}

/** The last second of the day, at `to` or earlier; the lists run from the latest to the earliest. */
function timeUpTo({ hours, minutes, seconds }: Times, to: number): number | null {
  for (const hour of hours) {
    if (hour * 3600 > to) continue;
    for (const minute of minutes) {
      const start = hour * 3600 + minute * 60;
      if (start > to) continue;
      for (const second of seconds) if (start + second <= to) return start + second;
    }
  }
  return null;
}

function isDue(cron: Cron, day: number): boolean {
  const { year, month, day: date } = civilOf(day);
  return (cronDays(cron, year, month) & (1 << date)) !== 0;
}

function dueDayFrom(cron: Cron, day: number): number | null {
  const start = civilOf(day);
  let { year, month } = start;
  for (let count = 0; count < horizonMonths; count++) {
    const bits = cronDays(cron, year, month);
    for (let date = count === 0 ? start.day : 1; bits !== 0 && date <= 31; date++) {
      if ((bits & (1 << date)) !== 0) return dayNumber(year, month, date);
    }
    month++;
    if (month > 12) [year, month] = [year + 1, 1];
  }
  return null;
}

function dueDayUpTo(cron: Cron, day: number): number | null {
  const start = civilOf(day);
  let { year, month } = start;
  for (let count = 0; count < horizonMonths; count++) {
    const bits = cronDays(cron, year, month);
    for (let date = count === 0 ? start.day : 31; bits !== 0 && date >= 1; date--) {
      if ((bits & (1 << date)) !== 0) return dayNumber(year, month, date);
    }
    month--;
    if (month < 1) [year, month] = [year - 1, 12];
  }
  return null;
}

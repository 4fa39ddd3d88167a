import { civilOf, dayMs, dayNumber, dayOf, daysInMonth, weekdayOf } from "../../../kernel/civil.ts";
import type { Rrule, WeekdayPick } from "./rrule.ts";

/** The days [from, until) of one period of the frequency: a day, a week, a month or a year. */
interface Span {
  readonly from: number;
  readonly until: number;
}

/** The index of the period that holds the local time, counted from the start's period in steps of the interval. */
export function periodIndex(rule: Rrule, local: number): number {
  const start = civilOf(dayOf(rule.start));
  const date = civilOf(dayOf(local));
  switch (rule.frequency) {
    case "DAILY":
      return Math.floor((dayOf(local) - dayOf(rule.start)) / rule.interval);
    case "WEEKLY":
      return Math.floor((dayOf(local) - weekOf(rule, dayOf(rule.start))) / (7 * rule.interval));
    case "MONTHLY":
      return Math.floor(((date.year - start.year) * 12 + date.month - start.month) / rule.interval);
    case "YEARLY":
      return Math.floor((date.year - start.year) / rule.interval);
  }
}

/** The local times (ms) that the rule names in its period of that index, in order; the start does not bound them. */
export function periodTimes(rule: Rrule, index: number): number[] {
  const span = spanOf(rule, index);
  const times: number[] = [];
  const second = rule.start - Math.floor(rule.start / 60_000) * 60_000;
  for (let day = span.from; day < span.until; day++) {
    if (!isDue(rule, span, day)) continue;
    for (const hour of rule.hours) {
      for (const minute of rule.minutes) times.push(day * dayMs + (hour * 60 + minute) * 60_000 + second);
    }
  }
  if (rule.setPositions.length === 0) return times;
  const picked = rule.setPositions.map((position) => times.at(position > 0 ? position - 1 : position));
  return [...new Set(picked.filter((time) => time !== undefined))].sort((a, b) => a - b);
}

function spanOf(rule: Rrule, index: number): Span {
  const first = dayOf(rule.start);
  const { year, month } = civilOf(first);
  const step = index * rule.interval;
  switch (rule.frequency) {
    case "DAILY":
      return { from: first + step, until: first + step + 1 };
    case "WEEKLY": {
      const from = weekOf(rule, first) + 7 * step;
      return { from, until: from + 7 };
    }
    case "MONTHLY":
      return { from: dayNumber(year, month + step, 1), until: dayNumber(year, month + step + 1, 1) };
    case "YEARLY":
      return { from: dayNumber(year + step, 1, 1), until: dayNumber(year + step + 1, 1, 1) };
  }
}

function weekOf(rule: Rrule, day: number): number {
  return day - ((weekdayOf(day) - rule.weekStart + 7) % 7);
}

function isDue(rule: Rrule, span: Span, day: number): boolean {
  const { year, month, day: date } = civilOf(day);
  if (rule.months.length > 0 && !rule.months.includes(month)) return false;
  const length = daysInMonth(year, month);
  if (rule.monthDays.length > 0) {
    if (!rule.monthDays.includes(date) && !rule.monthDays.includes(date - length - 1)) return false;
  }
  if (rule.weekdays.length === 0) return true;
  const counted = rule.frequency === "YEARLY" && rule.months.length === 0 ? span : monthOf(day, date, length);
  return rule.weekdays.some((pick) => holds(pick, counted, day));
}

function monthOf(day: number, date: number, length: number): Span {
  return { from: day - date + 1, until: day - date + 1 + length };
}

function holds({ weekday, nth }: WeekdayPick, { from, until }: Span, day: number): boolean {
  if (weekdayOf(day) !== weekday) return false;
  if (nth === null) return true;
  return nth > 0 ? Math.floor((day - from) / 7) === nth - 1 : Math.floor((until - 1 - day) / 7) === -nth - 1;
}

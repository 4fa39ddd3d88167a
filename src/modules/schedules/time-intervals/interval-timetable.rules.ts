import type { TimeInterval } from "../../../../contracts/schedules.ts";
import {
  type CivilDate,
  civilOf,
  dayMs,
  dayNumber,
  dayOf,
  daysInMonth,
  weekdayOf,
} from "../../../kernel/civil.ts";
import { localAt, offsetAt, transitionAfter } from "../../../kernel/zone.ts";
import { type ParsedInterval, parseTimeInterval } from "./parse-time-interval.rules.ts";
import type { Timetable } from "./timetable.ts";

/** 29 February falls on a given weekday again within it. */
const horizonMs = 48 * 366 * dayMs;

/**
 * The timetable of time intervals: active when one of them is, and one is when all of its fields hold at the local
 * time. Days of month from the end are counted in the month at hand; a range that begins after its end holds nothing.
 * @throws invalid_input `schedules.interval_invalid` or `calendar.unknown_zone`
 */
export function intervalTimetable(intervals: readonly TimeInterval[]): Timetable {
  const parsed = intervals.map(parseTimeInterval);
  const isActive = (at: number) => parsed.some((interval) => holds(interval, at));
  return {
    isActive,
    nextChange(after) {
      const now = isActive(after);
      let at = after;
      while (at - after < horizonMs) {
        const changes = parsed.map((interval) => changeOf(interval, at)).filter((change) => change !== null);
        if (changes.length === 0) return null;
        at = Math.min(...changes);
        if (isActive(at) !== now) return at;
      }
      return null;
    },
  };
}

function holds(interval: ParsedInterval, at: number): boolean {
  const local = localAt(interval.zone, at);
  const day = dayOf(local);
  if (!holdsOn(interval, day, civilOf(day))) return false;
  const minute = Math.floor((local - day * dayMs) / 60_000);
  return interval.times === null || interval.times.some(({ from, to }) => from <= minute && minute < to);
}

function holdsOn(interval: ParsedInterval, day: number, date: CivilDate): boolean {
  const { weekdays, daysOfMonth } = interval;
  if (!holdsInMonth(interval, date)) return false;
  if (weekdays?.some(({ from, to }) => from <= weekdayOf(day) && weekdayOf(day) <= to) === false)
    return false;
  if (daysOfMonth === null) return true;
  const length = daysInMonth(date.year, date.month);
  const counted = (end: number) => (end < 0 ? length + end + 1 : end);
  return daysOfMonth.some(({ from, to }) => counted(from) <= date.day && date.day <= counted(to));
}

function holdsInMonth({ months, years }: ParsedInterval, { year, month }: CivilDate): boolean {
  if (months?.some(({ from, to }) => from <= month && month <= to) === false) return false;
  return years?.some(({ from, to }) => from <= year && year <= to) !== false;
}

/** The first instant after `after` at which this interval alone begins or ceases to hold. */
function changeOf(interval: ParsedInterval, after: number): number | null {
  const now = holds(interval, after);
  if (isOver(interval, after) && !now) return null;
  let at = after;
  while (at - after < horizonMs) {
    at = nextEdge(interval, at);
    if (holds(interval, at) !== now) return at;
  }
  return null;
}

function isOver({ years, zone }: ParsedInterval, at: number): boolean {
  const year = civilOf(dayOf(localAt(zone, at))).year;
  return years?.every(({ to }) => to < year) === true;
}

/** The next instant at which the interval might change: an edge of a time, of a day, of a month, or a transition. */
function nextEdge(interval: ParsedInterval, at: number): number {
  const offset = offsetAt(interval.zone, at);
  const edge = localEdge(interval, at + offset) - offset;
  return transitionAfter(interval.zone, at, edge)?.at ?? edge;
}

function localEdge(interval: ParsedInterval, local: number): number {
  const day = dayOf(local);
  const date = civilOf(day);
  const monthly = interval.times === null && interval.weekdays === null && interval.daysOfMonth === null;
  if (monthly || !holdsInMonth(interval, date)) return dayNumber(date.year, date.month + 1, 1) * dayMs;
  const edges = [(day + 1) * dayMs];
  if (interval.times !== null && holdsOn(interval, day, date)) {
    for (const { from, to } of interval.times)
      edges.push(day * dayMs + from * 60_000, day * dayMs + to * 60_000);
  }
  return Math.min(...edges.filter((edge) => edge > local));
}

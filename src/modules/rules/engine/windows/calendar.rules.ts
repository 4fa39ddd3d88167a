import type { WindowSpec } from "../../../../../contracts/rule-windows.ts";
import { zoneOffset } from "../../expr/functions/local-parts.ts";
import type { Span } from "./aggregate.rules.ts";

type Calendar = WindowSpec & { readonly kind: "calendar" };

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/**
 * The local hour, day, week or month around an instant in an IANA zone, `[start, end)`. A day lasts 23 or 25 hours where
 * the clock changes. An hour ends early at a change, and each pass of a repeated hour is its own.
 */
export function calendarSpan(at: number, { unit, zone, weekStartsOn }: Calendar): Span {
  if (unit === "hour") return localHour(at, zone);
  const local = new Date(at + offset(at, zone));
  const [year, month] = [local.getUTCFullYear(), local.getUTCMonth()];
  const midnight = (y: number, m: number, d: number) => startOfDay(utc(y, m, d), zone);
  if (unit === "month") return { start: midnight(year, month, 1), end: midnight(year, month + 1, 1) };
  const day = local.getUTCDate();
  if (unit === "day") return { start: midnight(year, month, day), end: midnight(year, month, day + 1) };
  const since = (local.getUTCDay() - (weekStartsOn % 7) + 7) % 7;
  return { start: midnight(year, month, day - since), end: midnight(year, month, day - since + 7) };
}

function localHour(at: number, zone: string): Span {
  const shift = offset(at, zone);
  const start = Math.floor((at + shift) / hourMs) * hourMs - shift;
  const end = start + hourMs;
  return {
    start: offset(start, zone) === shift ? start : changeBetween(start, at, zone),
    end: offset(end - 1, zone) === shift ? end : changeBetween(at, end - 1, zone),
  };
}

/** The first instant of the later offset; there is one change between the two instants. */
function changeBetween(from: number, to: number, zone: string): number {
  const before = offset(from, zone);
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(middle, zone) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** The first instant of a local date, given its midnight in UTC; the clock may change at midnight itself. */
function startOfDay(midnightUtc: number, zone: string): number {
  const earlier = midnightUtc - offset(midnightUtc - dayMs, zone);
  const later = midnightUtc - offset(midnightUtc + dayMs, zone);
  if (earlier === later) return earlier;
  const onTheDay = [earlier, later].filter((at) => at + offset(at, zone) >= midnightUtc);
  const start = Math.min(...(onTheDay.length > 0 ? onTheDay : [earlier, later]));
  return start + offset(start, zone) > midnightUtc ? changeBetween(start - dayMs / 2, start, zone) : start;
}

function utc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day);
}

function offset(at: number, zone: string): number {
  return zoneOffset(at, zone) ?? 0;
}

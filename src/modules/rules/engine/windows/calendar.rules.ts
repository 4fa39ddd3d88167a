import type { WindowSpec } from "../../../../../contracts/rule-windows.ts";
import { civilOf, dayOf, weekdayOf } from "../../../../kernel/civil.ts";
import {
  localAt,
  offsetAt,
  startOfDate,
  transitionAfter,
  transitionBefore,
  type Zone,
  zoneOf,
} from "../../../../kernel/zone.ts";
import type { Span } from "./aggregate.rules.ts";

type Calendar = WindowSpec & { readonly kind: "calendar" };

const hourMs = 3_600_000;

/**
 * The local hour, day, week or month around an instant in an IANA zone, `[start, end)`. A day lasts 23 or 25 hours where
 * the clock changes. An hour ends early at a change, and each pass of a repeated hour is its own.
 */
export function calendarSpan(at: number, { unit, zone: name, weekStartsOn }: Calendar): Span {
  const zone = zoneOf(name);
  if (unit === "hour") return localHour(at, zone);
  const today = dayOf(localAt(zone, at));
  const { year, month, day } = civilOf(today);
  const midnight = (m: number, d: number) => startOfDate(zone, year, m, d);
  if (unit === "month") return { start: midnight(month, 1), end: midnight(month + 1, 1) };
  if (unit === "day") return { start: midnight(month, day), end: midnight(month, day + 1) };
  const since = (weekdayOf(today) - (weekStartsOn % 7) + 7) % 7;
  return { start: midnight(month, day - since), end: midnight(month, day - since + 7) };
}

function localHour(at: number, zone: Zone): Span {
  const shift = offsetAt(zone, at);
  const start = Math.floor((at + shift) / hourMs) * hourMs - shift;
  const end = start + hourMs;
  return {
    start: transitionBefore(zone, at, start)?.at ?? start,
    end: transitionAfter(zone, at, end)?.at ?? end,
  };
}

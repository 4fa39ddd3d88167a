import { findZone, offsetAt } from "../../../../kernel/zone.ts";

/** A wall clock. `weekday` 0 is Sunday, `dayOfYear` counts from 0, `month` from 1. */
export interface LocalParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly dayOfYear: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

/** What a clock in a zone shows; undefined for a zone that there isn't. */
export function localParts(ms: number, zone: string): LocalParts | undefined {
  const offset = zone === "UTC" || zone === "" ? 0 : (fixedOffset(zone) ?? zoneOffset(ms, zone));
  if (offset === undefined) return undefined;
  const date = new Date(ms + offset);
  const year = date.getUTCFullYear();
  const newYear = new Date(0).setUTCFullYear(year, 0, 1);
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    dayOfYear: Math.floor((date.getTime() - newYear) / 86_400_000),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  };
}

function fixedOffset(zone: string): number | undefined {
  const m = /^([+-]?)(\d{2}):(\d{2})$/.exec(zone);
  if (m === null) return undefined;
  return (Number(m[2]) * 60 + Number(m[3])) * 60_000 * (m[1] === "-" ? -1 : 1);
}

function zoneOffset(ms: number, name: string): number | undefined {
  const zone = findZone(name);
  return zone === undefined ? undefined : offsetAt(zone, ms);
}

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

const clocks = new Map<string, Intl.DateTimeFormat | null>();

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

/** How far local time is ahead of UTC at an instant, in milliseconds; undefined for a zone that there isn't. */
export function zoneOffset(ms: number, zone: string): number | undefined {
  const clock = clockOf(zone);
  if (clock === null) return undefined;
  const parts = new Map(clock.formatToParts(ms).map(({ type, value }) => [type, value]));
  const read = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type) ?? 0);
  const year = parts.get("era") === "BC" ? 1 - read("year") : read("year");
  const asUtc = new Date(0);
  asUtc.setUTCFullYear(year, read("month") - 1, read("day"));
  asUtc.setUTCHours(read("hour"), read("minute"), read("second"));
  return asUtc.getTime() - Math.floor(ms / 1000) * 1000;
}

function clockOf(zone: string): Intl.DateTimeFormat | null {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const fresh = newClock(zone);
  if (clocks.size >= 500) clocks.clear();
  clocks.set(zone, fresh);
  return fresh;
}

function newClock(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    return null;
  }
}

import type { TimeInterval } from "../../../../contracts/schedules.ts";
import { problem } from "../../../kernel/problem.ts";
import { type Zone, zoneOf } from "../../../kernel/zone.ts";

/** Both ends included. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** A time interval that has been read; a field that is null does not restrict. */
export interface ParsedInterval {
  readonly zone: Zone;
  /** Minutes of the day, `to` excluded. */
  readonly times: readonly Range[] | null;
  /** 0 Sunday to 6 Saturday. */
  readonly weekdays: readonly Range[] | null;
  /** 1 to 31, or -1 for the last day to -31. */
  readonly daysOfMonth: readonly Range[] | null;
  readonly months: readonly Range[] | null;
  readonly years: readonly Range[] | null;
}

const weekdayNames = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const monthNames = [
  ...["january", "february", "march", "april", "may", "june"],
  ...["july", "august", "september", "october", "november", "december"],
];

/**
 * Reads a time interval.
 * @throws invalid_input `schedules.interval_invalid` with a pointer to the wrong entry, or `calendar.unknown_zone`
 */
export function parseTimeInterval(interval: TimeInterval): ParsedInterval {
  const { times, weekdays, daysOfMonth, months, years } = interval;
  return {
    zone: zoneOf(interval.zone),
    times: times?.map(({ from, until }, index) => clockRange(from, until, `/times/${index}`)) ?? null,
    weekdays: rangesOf(
      weekdays,
      "/weekdays",
      (text) => named(weekdayNames, text, 0),
      "monday or monday:friday",
    ),
    daysOfMonth: rangesOf(daysOfMonth, "/daysOfMonth", monthDay, "1, 1:7 or -3:-1"),
    months: rangesOf(months, "/months", monthOf, "january, january:march or 1:3"),
    years: rangesOf(years, "/years", yearOf, "2026 or 2026:2028"),
  };
}

function clockRange(from: string, until: string, pointer: string): Range {
  const range = { from: minutesOf(from), to: minutesOf(until) };
  if (range.from < range.to) return range;
  return refuse(
    pointer,
    `${from} is not before ${until}; over midnight write one entry up to 24:00 and one from 00:00`,
  );
}

function minutesOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
}

function rangesOf(
  texts: readonly string[] | undefined,
  pointer: string,
  read: (text: string) => number | null,
  instead: string,
): Range[] | null {
  if (texts === undefined) return null;
  return texts.map((text, index) => {
    const ends = text.trim().toLowerCase().split(":");
    const from = read(ends[0] ?? "");
    const to = read(ends.at(-1) ?? "");
    if (from === null || to === null || ends.length > 2) {
      return refuse(`${pointer}/${index}`, `"${text}" can't be read; write ${instead}`);
    }
    if (from < 0 && to > 0)
      return refuse(`${pointer}/${index}`, `"${text}" mixes both ends; write ${instead}`);
    // The shortest month decides whether a range to a day from the end can hold anything, as in Alertmanager.
    if (from > (from > 0 && to < 0 ? 28 + to : to)) {
      return refuse(`${pointer}/${index}`, `"${text}" ends before it begins; write two entries`);
    }
    return { from, to };
  });
}

function named(names: readonly string[], text: string, first: number): number | null {
  const index = names.indexOf(text);
  return index < 0 ? null : index + first;
}

function monthOf(text: string): number | null {
  return named(monthNames, text, 1) ?? within(text, 1, 12);
}

function monthDay(text: string): number | null {
  return within(text, 1, 31) ?? within(text, -31, -1);
}

function yearOf(text: string): number | null {
  return within(text, 1970, 9999);
}

function within(text: string, least: number, most: number): number | null {
  const value = /^-?\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : null;
}

function refuse(pointer: string, message: string): never {
  throw problem("invalid_input", "schedules.interval_invalid", `${pointer}: ${message}.`, {
    errors: [{ pointer, code: "interval_invalid", message: `${message}.` }],
  });
}

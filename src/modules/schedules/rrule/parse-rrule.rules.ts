import { civilOf, dayMs, dayOf, parseLocal, weekdayOf } from "../../../kernel/civil.ts";
import { problem } from "../../../kernel/problem.ts";
import type { Rrule, WeekdayPick } from "./rrule.ts";

const weekdayNames = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const frequencies = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const;
const known = [
  ...["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYHOUR", "BYMINUTE"],
  ...["BYSETPOS", "WKST"],
];

interface Part {
  readonly value: string;
  readonly at: number;
}

/**
 * Reads an RRULE (RFC 5545, 3.3.10; `RRULE:` may stand before it). What the rule leaves open comes from the start: its
 * time of day, and its weekday, day of month or month. The start itself is due only when the rule names it.
 * @param start DTSTART, a local time in ms
 * @throws invalid_input `schedules.rrule_invalid`; `data.position` is the offset of the wrong part
 */
export function parseRrule(rule: string, start: number): Rrule {
  const parts = partsOf(rule);
  const frequency = frequencyOf(parts, rule);
  if (parts.has("COUNT") && parts.has("UNTIL"))
    refuse(parts.get("COUNT"), "COUNT and UNTIL exclude each other", "one");
  const { weekdays, monthDays, months } = daysOf(parts, frequency, start);
  const setPositions = numbers(parts.get("BYSETPOS"), 1, 366, true);
  const minute = Math.floor((start % dayMs) / 60_000);
  return {
    frequency,
    interval: number(parts.get("INTERVAL"), 1, 1000) ?? 1,
    start,
    count: number(parts.get("COUNT"), 1, 10_000),
    ...untilOf(parts.get("UNTIL")),
    months,
    monthDays,
    weekdays,
    hours: or(numbers(parts.get("BYHOUR"), 0, 23), Math.floor(minute / 60)),
    minutes: or(numbers(parts.get("BYMINUTE"), 0, 59), minute % 60),
    setPositions,
    weekStart: weekStartOf(parts.get("WKST")),
  };
}

function partsOf(rule: string): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  const head = /^\s*(RRULE:)?/i.exec(rule)?.[0].length ?? 0;
  let at = head;
  for (const text of rule.slice(head).trimEnd().split(";")) {
    const equals = text.indexOf("=");
    const name = text.slice(0, Math.max(equals, 0)).toUpperCase();
    const part = { value: text.slice(equals + 1).toUpperCase(), at: at + equals + 1 };
    if (!known.includes(name)) refuse({ value: text, at }, `"${text}" is not known here`, known.join(", "));
    if (parts.has(name)) refuse({ value: text, at }, `${name} stands twice`, "it once");
    parts.set(name, part);
    at += text.length + 1;
  }
  return parts;
}

function frequencyOf(parts: ReadonlyMap<string, Part>, rule: string): Rrule["frequency"] {
  const part = parts.get("FREQ") ?? { value: "", at: rule.length };
  const found = frequencies.find((frequency) => frequency === part.value);
  return found ?? refuse(part, `"${part.value}" is no frequency`, `FREQ=${frequencies.join(", ")}`);
}

/** BYDAY, BYMONTHDAY and BYMONTH, or what the start implies when the rule names no day. */
function daysOf(parts: ReadonlyMap<string, Part>, frequency: Rrule["frequency"], start: number) {
  const weekdays = weekdaysOf(parts.get("BYDAY"), frequency);
  const monthDays = numbers(parts.get("BYMONTHDAY"), 1, 31, true);
  const months = numbers(parts.get("BYMONTH"), 1, 12);
  if (weekdays.length > 0 || monthDays.length > 0 || frequency === "DAILY")
    return { weekdays, monthDays, months };
  const day = dayOf(start);
  if (frequency === "WEEKLY")
    return { weekdays: [{ weekday: weekdayOf(day), nth: null }], monthDays, months };
  const date = civilOf(day);
  const implied = frequency === "YEARLY" && months.length === 0 ? [date.month] : months;
  return { weekdays, monthDays: [date.day], months: implied };
}

function weekdaysOf(part: Part | undefined, frequency: Rrule["frequency"]): WeekdayPick[] {
  if (part === undefined) return [];
  return part.value.split(",").map((text) => {
    const parsed = /^([+-]?\d{1,2})?(SU|MO|TU|WE|TH|FR|SA)$/.exec(text);
    if (parsed === null) return refuse(part, `"${text}" is no weekday`, "MO to SU, or 1MO, -1FR");
    const nth = parsed[1] === undefined ? null : Number(parsed[1]);
    const most = frequency === "YEARLY" ? 53 : 5;
    if (nth !== null && (nth === 0 || Math.abs(nth) > most)) {
      refuse(part, `"${text}" counts no week`, `1 to ${most}, or -1 to -${most}`);
    }
    if (nth !== null && (frequency === "DAILY" || frequency === "WEEKLY")) {
      refuse(part, `"${text}" counts weeks of a month or year`, "FREQ=MONTHLY or FREQ=YEARLY, or no number");
    }
    return { weekday: weekdayNames.indexOf(parsed[2] ?? ""), nth };
  });
}

function weekStartOf(part: Part | undefined): number {
  if (part === undefined) return 1;
  const weekday = weekdayNames.indexOf(part.value);
  return weekday >= 0 ? weekday : refuse(part, `"${part.value}" is no weekday`, weekdayNames.join(", "));
}

function untilOf(part: Part | undefined): Pick<Rrule, "untilLocal" | "untilInstant"> {
  if (part === undefined) return { untilLocal: null, untilInstant: null };
  const digits = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/.exec(part.value) ?? [];
  const [, year, month, day, hour, minute, second, utc] = digits;
  const date = `${year}-${month}-${day}`;
  const local = parseLocal(hour === undefined ? `${date}T23:59:59` : `${date}T${hour}:${minute}:${second}`);
  if (local === null)
    refuse(part, `"${part.value}" is no date`, "20261231, 20261231T090000 or 20261231T000000Z");
  return utc === undefined
    ? { untilLocal: local, untilInstant: null }
    : { untilLocal: null, untilInstant: local };
}

function number(part: Part | undefined, least: number, most: number): number | null {
  const [first, ...more] = numbers(part, least, most);
  if (part !== undefined && more.length > 0) refuse(part, "there are several numbers", "one");
  return first ?? null;
}

function numbers(part: Part | undefined, least: number, most: number, negative = false): number[] {
  if (part === undefined) return [];
  const values = part.value.split(",").map((text) => {
    const value = /^[+-]?\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
    const size = negative ? Math.abs(value) : value;
    if (size >= least && size <= most) return value;
    const also = negative ? `, or -${least} to -${most} from the end` : "";
    return refuse(part, `"${text}" is out of range`, `a number from ${least} to ${most}${also}`);
  });
  return [...new Set(values)].sort((a, b) => a - b);
}

function or(values: readonly number[], implied: number): readonly number[] {
  return values.length > 0 ? values : [implied];
}

function refuse(part: Part | undefined, wrong: string, instead: string): never {
  const position = part?.at ?? 0;
  const message = `At column ${position + 1} ${wrong}; write ${instead}.`;
  throw problem("invalid_input", "schedules.rrule_invalid", message, {
    errors: [{ pointer: "/rule", code: "rrule_invalid", message }],
    data: { position },
  });
}

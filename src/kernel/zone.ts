import { dayMs, dayNumber } from "./civil.ts";
import { problem } from "./problem.ts";

/** A change of a zone's offset at an instant (ms UTC). Offsets are ms to add to UTC; `after > before` skips local time. */
export interface Transition {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** An IANA zone as this runtime's Intl knows it. Its transitions are found by year when first asked for. */
export interface Zone {
  readonly name: string;
  readonly format: Intl.DateTimeFormat;
  readonly years: Map<number, ZoneYear>;
}

interface ZoneYear {
  /** The offset at the first instant of the UTC year. */
  readonly offset: number;
  readonly transitions: readonly Transition[];
}

/** Null for a name that there isn't. */
const zones = new Map<string, Zone | null>();
const keptZones = 256;
/** Transitions outside these years are looked for only when somebody asks for them; an instant may be anyone's. */
const [firstKeptYear, lastKeptYear] = [1970, 2100];
/** Shorter than any period of summer time that tz has had since 1970, so that a sample falls into each. */
const sampleMs = 3 * 86_400_000;
/** No offset has ever changed by more: the width of the widest gap or overlap with some room. */
export const widestShiftMs = 26 * 3_600_000;

/** The zone of an IANA name, such as `Asia/Seoul` or `UTC`; undefined when there is none. */
export function findZone(name: string): Zone | undefined {
  const known = zones.get(name);
  if (known !== undefined) return known ?? undefined;
  const format = formatOf(name);
  const zone = format === undefined ? null : { name, format, years: new Map() };
  if (zones.size >= keptZones) zones.clear();
  zones.set(name, zone);
  return zone ?? undefined;
}

/** Whether the text names a zone that this runtime knows. */
export function isZone(name: string): boolean {
  return findZone(name) !== undefined;
}

/**
 * The zone of an IANA name.
 * @throws invalid_input `calendar.unknown_zone`
 */
export function zoneOf(name: string): Zone {
  const zone = findZone(name);
  if (zone !== undefined) return zone;
  throw problem("invalid_input", "calendar.unknown_zone", `There is no time zone "${name}".`, {
    errors: [{ pointer: "/zone", code: "unknown_zone", message: "Write an IANA name such as Asia/Seoul." }],
  });
}

/** Milliseconds to add to UTC for the zone's local time at the instant. */
export function offsetAt(zone: Zone, instant: number): number {
  const year = utcYear(instant);
  if (year < firstKeptYear || year > lastKeptYear) return askOffset(zone, Math.floor(instant / 1000) * 1000);
  const { offset, transitions } = yearOf(zone, year);
  let found = offset;
  for (const { at, after } of transitions) {
    if (at > instant) break;
    found = after;
  }
  return found;
}

/** The zone's local time at the instant: the instant at which a clock at UTC would show the same. */
export function localAt(zone: Zone, instant: number): number {
  return instant + offsetAt(zone, instant);
}

/** The first transition with `after < at <= until`, or null. */
export function transitionAfter(zone: Zone, after: number, until: number): Transition | null {
  for (let year = utcYear(after); year <= utcYear(until); year++) {
    for (const transition of yearOf(zone, year).transitions) {
      if (transition.at > until) return null;
      if (transition.at > after) return transition;
    }
  }
  return null;
}

/** The last transition with `since <= at <= upTo`, or null. */
export function transitionBefore(zone: Zone, upTo: number, since: number): Transition | null {
  for (let year = utcYear(upTo); year >= utcYear(since); year--) {
    for (const transition of yearOf(zone, year).transitions.toReversed()) {
      if (transition.at < since) return null;
      if (transition.at <= upTo) return transition;
    }
  }
  return null;
}

/** Where a local time lies: `instants` has one entry, two in an overlap, none in a gap, which then is `gap`. */
export interface LocalPlace {
  readonly instants: readonly number[];
  readonly gap: Transition | null;
}

/** The instants at which the zone's clocks show a local time, earliest first. */
export function placesOf(zone: Zone, local: number): LocalPlace {
  const from = local - widestShiftMs;
  const until = local + widestShiftMs;
  const offsets = new Set([offsetAt(zone, from)]);
  let gap: Transition | null = null;
  let next = transitionAfter(zone, from, until);
  while (next !== null) {
    offsets.add(next.after);
    if (next.at + next.before <= local && local < next.at + next.after) gap = next;
    next = transitionAfter(zone, next.at, until);
  }
  const instants = [...offsets]
    .filter((offset) => offsetAt(zone, local - offset) === offset)
    .map((offset) => local - offset)
    .sort((a, b) => a - b);
  return { instants, gap: instants.length === 0 ? gap : null };
}

/** The first instant at which the local time has come: its first pass in an overlap, the end of the gap in a gap. */
export function firstInstantOf(zone: Zone, local: number): number {
  const { instants, gap } = placesOf(zone, local);
  return instants[0] ?? gap?.at ?? local - offsetAt(zone, local);
}

/** The first instant of a local date. A month or day may count on beyond its end, as in `dayNumber`. */
export function startOfDate(zone: Zone, year: number, month: number, day: number): number {
  return firstInstantOf(zone, dayNumber(year, month, day) * dayMs);
}

/** The zone's local time with its offset, as in `2026-03-08T03:00:00-04:00`. */
export function localText(zone: Zone, instant: number): string {
  const offset = offsetAt(zone, instant);
  const minutes = Math.trunc(Math.abs(offset) / 60_000);
  const two = (value: number) => String(value).padStart(2, "0");
  const sign = offset < 0 ? "-" : "+";
  const clock = new Date(instant + offset).toISOString().slice(0, 19);
  return `${clock}${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
      timeZone,
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
    return undefined;
  }
}

function utcYear(instant: number): number {
  return new Date(instant).getUTCFullYear();
}

function yearOf(zone: Zone, year: number): ZoneYear {
  let known = zone.years.get(year);
  if (known === undefined) {
    known = scanYear(zone, year);
    zone.years.set(year, known);
  }
  return known;
}

function scanYear(zone: Zone, year: number): ZoneYear {
  const start = Date.UTC(year, 0, 1);
  const end = Date.UTC(year + 1, 0, 1);
  const transitions: Transition[] = [];
  const offset = askOffset(zone, start - 1000);
  let [at, before] = [start - 1000, offset];
  while (at < end - 1000) {
    const next = Math.min(at + sampleMs, end - 1000);
    const after = askOffset(zone, next);
    if (after !== before) transitions.push({ at: bisect(zone, at, next, before), before, after });
    [at, before] = [next, after];
  }
  return { offset, transitions };
}

/** The first whole second in (low, high] whose offset is not `before`. */
function bisect(zone: Zone, low: number, high: number, before: number): number {
  let [no, yes] = [low / 1000, high / 1000];
  while (yes - no > 1) {
    const middle = Math.floor((no + yes) / 2);
    if (askOffset(zone, middle * 1000) === before) no = middle;
    else yes = middle;
  }
  return yes * 1000;
}

/** `instant` is a whole second. */
function askOffset(zone: Zone, instant: number): number {
  const part: Record<string, number> = {};
  let sign = 1;
  for (const { type, value } of zone.format.formatToParts(instant)) {
    if (type === "era") sign = value.startsWith("B") ? -1 : 1;
    else part[type] = Number(value);
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  const local = new Date(0);
  local.setUTCFullYear(sign === 1 ? year : 1 - year, month - 1, day);
  return local.setUTCHours(hour, minute, second) - instant;
}

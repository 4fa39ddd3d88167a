import { describe, expect, it } from "vitest";
import { civilOf, dayNumber, daysInMonth, parseLocal, weekdayOf } from "../../../src/kernel/civil.ts";
import {
  findZone,
  firstInstantOf,
  isZone,
  localAt,
  localText,
  offsetAt,
  placesOf,
  startOfDate,
  transitionAfter,
  transitionBefore,
  zoneOf,
} from "../../../src/kernel/zone.ts";

const at = (text: string) => Date.parse(text);
const hourMs = 3_600_000;

describe("a zone", () => {
  it.each([
    ["America/New_York", 2026, ["2026-03-08T07:00Z", "2026-11-01T06:00Z"]],
    ["Asia/Seoul", 1988, ["1988-05-07T17:00Z", "1988-10-08T17:00Z"]],
    ["Asia/Kolkata", 2026, []],
    ["Australia/Lord_Howe", 2026, ["2026-04-04T15:00Z", "2026-10-03T15:30Z"]],
    ["Europe/Dublin", 2026, ["2026-03-29T01:00Z", "2026-10-25T01:00Z"]],
    ["Asia/Kathmandu", 1985, ["1985-12-31T18:30Z"]],
    ["America/Sao_Paulo", 2018, ["2018-02-18T02:00Z", "2018-11-04T03:00Z"]],
    ["Pacific/Apia", 2011, ["2011-04-02T14:00Z", "2011-09-24T14:00Z", "2011-12-30T10:00Z"]],
    ["Africa/Casablanca", 2025, ["2025-02-23T02:00Z", "2025-04-06T02:00Z"]],
    [
      "Africa/Cairo",
      2014,
      ["2014-05-15T22:00Z", "2014-06-26T21:00Z", "2014-07-31T22:00Z", "2014-09-25T21:00Z"],
    ],
  ])("%s changes in %i at %j", (name, year, expected) => {
    const zone = zoneOf(name);
    const end = Date.UTC(year + 1, 0, 1) - 1;
    const found: number[] = [];
    let next = transitionAfter(zone, Date.UTC(year, 0, 1), end);
    while (next !== null) {
      found.push(next.at);
      expect(offsetAt(zone, next.at - 1)).toBe(next.before);
      expect(offsetAt(zone, next.at)).toBe(next.after);
      expect(transitionBefore(zone, next.at, next.at)).toEqual(next);
      next = transitionAfter(zone, next.at, end);
    }
    expect(found).toEqual(expected.map(at));
  });

  it("knows a local time once, twice or not at all", () => {
    const zone = zoneOf("America/New_York");
    const local = (text: string) => parseLocal(text) ?? 0;
    expect(placesOf(zone, local("2026-07-01T12:00")).instants).toEqual([at("2026-07-01T16:00Z")]);
    expect(placesOf(zone, local("2026-11-01T01:30")).instants).toEqual([
      at("2026-11-01T05:30Z"),
      at("2026-11-01T06:30Z"),
    ]);
    const gap = placesOf(zone, local("2026-03-08T02:30"));
    expect(gap.instants).toEqual([]);
    expect(gap.gap?.at).toBe(at("2026-03-08T07:00Z"));
    expect(firstInstantOf(zone, local("2026-03-08T02:30"))).toBe(at("2026-03-08T07:00Z"));
    expect(firstInstantOf(zone, local("2026-11-01T01:30"))).toBe(at("2026-11-01T05:30Z"));
  });

  it("skips a whole day in Apia", () => {
    const zone = zoneOf("Pacific/Apia");
    const gap = placesOf(zone, parseLocal("2011-12-30T12:00") ?? 0).gap;
    expect(gap).toEqual({ at: at("2011-12-30T10:00Z"), before: -10 * hourMs, after: 14 * hourMs });
    expect(localText(zone, at("2011-12-30T10:00Z"))).toBe("2011-12-31T00:00:00+14:00");
  });

  it("writes local time with its offset", () => {
    expect(localText(zoneOf("Asia/Kathmandu"), at("2026-01-01T00:00Z"))).toBe("2026-01-01T05:45:00+05:45");
    expect(localText(zoneOf("America/St_Johns"), at("2026-01-01T00:00Z"))).toBe("2025-12-31T20:30:00-03:30");
  });

  it("begins a date at its first instant, also where midnight is skipped or the date counts on", () => {
    expect(startOfDate(zoneOf("Asia/Seoul"), 2026, 13, 1)).toBe(at("2026-12-31T15:00Z"));
    expect(startOfDate(zoneOf("America/Sao_Paulo"), 2018, 11, 4)).toBe(at("2018-11-04T03:00Z"));
    expect(startOfDate(zoneOf("America/Havana"), 2026, 11, 1)).toBe(at("2026-11-01T04:00Z"));
    expect(startOfDate(zoneOf("Pacific/Apia"), 2011, 12, 30)).toBe(at("2011-12-30T10:00Z"));
  });

  it.each([
    ["0001-01-01T00:00:00Z", "America/New_York"],
    ["0099-06-01T12:34:56Z", "Asia/Seoul"],
    ["1850-06-01T12:34:56.789Z", "Europe/Amsterdam"],
    ["9999-12-31T23:59:59Z", "Europe/Berlin"],
  ])("knows its offset at %s in %s, far from today", (instant, name) => {
    const zone = zoneOf(name);
    const minutes = offsetAt(zone, at(instant)) / 60_000;
    expect(Math.abs(minutes)).toBeLessThan(15 * 60);
    const clock = new Intl.DateTimeFormat("en-GB", { timeZone: name, timeStyle: "medium" });
    const shown = new Date(localAt(zone, at(instant))).toISOString().slice(-13, -5);
    expect(shown).toBe(clock.format(at(instant)));
    expect(zone.years.has(new Date(instant).getUTCFullYear())).toBe(false);
  });

  it("is refused when there is none of that name", () => {
    expect(() => zoneOf("Europe/Atlantis")).toThrow("calendar.unknown_zone");
    expect([isZone("Europe/Atlantis"), isZone("Asia/Seoul")]).toEqual([false, true]);
    expect(findZone("")).toBeUndefined();
  });
});

describe("dates", () => {
  it("count days, weekdays and lengths of months", () => {
    expect(dayNumber(1970, 1, 1)).toBe(0);
    expect(civilOf(dayNumber(2028, 3, 0))).toEqual({ year: 2028, month: 2, day: 29 });
    expect(weekdayOf(dayNumber(2026, 6, 1))).toBe(1);
    expect(weekdayOf(dayNumber(1969, 12, 28))).toBe(0);
    expect([daysInMonth(2100, 2), daysInMonth(2000, 2), daysInMonth(2026, 12)]).toEqual([28, 29, 31]);
  });

  it("are read only when they exist", () => {
    expect(parseLocal("2026-02-28")).toBe(Date.UTC(2026, 1, 28));
    expect(parseLocal("2026-02-28T23:59:59")).toBe(Date.UTC(2026, 1, 28, 23, 59, 59));
    for (const text of ["2026-02-29", "2026-13-01", "2026-01-01T24:00", "2026-01-01 09:00", "soon"]) {
      expect(parseLocal(text)).toBeNull();
    }
  });
});

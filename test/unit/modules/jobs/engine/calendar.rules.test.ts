import { describe, expect, it } from "vitest";
import { dayEnd, monthEnd } from "../../../../../src/modules/jobs/engine/calendar.rules.ts";

const at = (text: string) => Date.parse(text);

describe("days and months in a time zone", () => {
  it.each([
    ["UTC", "2026-11-21T03:00:00Z", "2026-11-22T00:00:00Z"],
    ["Asia/Seoul", "2026-11-21T03:00:00Z", "2026-11-21T15:00:00Z"],
    ["Asia/Seoul", "2026-11-21T15:00:00Z", "2026-11-22T15:00:00Z"],
    ["America/New_York", "2026-11-21T03:00:00Z", "2026-11-21T05:00:00Z"],
    ["Asia/Kolkata", "2026-06-30T18:29:59Z", "2026-06-30T18:30:00Z"],
  ])("in %s the day of %s ends at %s", (zone, now, end) => {
    expect(dayEnd(zone, at(now))).toBe(at(end));
  });

  it.each([
    ["America/New_York", "2026-03-08T06:00:00Z", 22],
    ["America/New_York", "2026-11-01T05:00:00Z", 24],
    ["Europe/Berlin", "2026-03-29T00:00:00Z", 22],
    ["Europe/Berlin", "2026-10-25T00:00:00Z", 23],
  ])("in %s the day of %s lasts %i more hours when the clocks change", (zone, now, hours) => {
    expect(dayEnd(zone, at(now)) - at(now)).toBe(hours * 3_600_000);
  });

  it("ends a day where midnight itself is skipped", () => {
    expect(dayEnd("Africa/Cairo", at("2026-04-23T12:00:00Z"))).toBe(at("2026-04-23T22:00:00Z"));
  });

  it.each([
    ["UTC", "2026-11-21T03:00:00Z", "2026-12-01T00:00:00Z"],
    ["UTC", "2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00Z"],
    ["UTC", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"],
    ["Asia/Seoul", "2026-11-30T14:59:59Z", "2026-11-30T15:00:00Z"],
    ["Asia/Seoul", "2026-11-30T15:00:00Z", "2026-12-31T15:00:00Z"],
  ])("in %s the month of %s ends at %s", (zone, now, end) => {
    expect(monthEnd(zone, at(now))).toBe(at(end));
  });

  it("leaves out a date that a zone skipped", () => {
    expect(dayEnd("Pacific/Apia", at("2011-12-30T09:00:00Z"))).toBe(at("2011-12-30T10:00:00Z"));
  });

  it("ends a day after now also where the clocks went back over midnight", () => {
    const second = at("2006-10-29T03:00:00Z");
    expect(dayEnd("America/St_Johns", second)).toBe(at("2006-10-29T03:30:00Z"));
  });
});

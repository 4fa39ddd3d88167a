import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { MaintenanceTimes, TimeInterval } from "../../../../../contracts/schedules.ts";
import { seededRandom } from "../../../../../src/kernel/random.ts";
import { intervalTimetable } from "../../../../../src/modules/schedules/time-intervals/interval-timetable.rules.ts";
import { maintenanceTimetable } from "../../../../../src/modules/schedules/time-intervals/maintenance-timetable.rules.ts";

const at = (text: string) => Date.parse(text);
type Wish = z.input<typeof TimeInterval>;

function timetable(...wishes: readonly Wish[]) {
  return intervalTimetable(wishes.map((wish) => TimeInterval.parse(wish)));
}

describe("a time interval", () => {
  const office: Wish = { times: [{ from: "09:00", until: "17:00" }], weekdays: ["monday:friday"] };

  it.each<[Wish, string, boolean]>([
    [{}, "2026-06-01T00:00Z", true],
    [office, "2026-06-01T09:00Z", true],
    [office, "2026-06-01T16:59:59.999Z", true],
    [office, "2026-06-01T17:00Z", false],
    [office, "2026-06-06T12:00Z", false],
    [{ ...office, zone: "Asia/Seoul" }, "2026-06-01T00:00Z", true],
    [{ ...office, zone: "Asia/Seoul" }, "2026-05-31T23:59Z", false],
    [{ times: [{ from: "17:00", until: "24:00" }] }, "2026-06-01T23:59Z", true],
    [{ weekdays: ["sunday"] }, "2026-06-07T12:00Z", true],
    [{ weekdays: ["saturday", "sunday"] }, "2026-06-05T12:00Z", false],
    [{ daysOfMonth: ["-1"] }, "2026-02-28T12:00Z", true],
    [{ daysOfMonth: ["-1"] }, "2028-02-28T12:00Z", false],
    [{ daysOfMonth: ["-3:-1"] }, "2026-04-28T00:00Z", true],
    [{ daysOfMonth: ["-3:-1"] }, "2026-04-27T23:59Z", false],
    [{ daysOfMonth: ["-31:-1"] }, "2026-02-01T00:00Z", true],
    [{ daysOfMonth: ["10:31"] }, "2026-02-28T00:00Z", true],
    [{ daysOfMonth: ["29:31"] }, "2026-02-28T00:00Z", false],
    [{ daysOfMonth: ["31"] }, "2026-04-30T00:00Z", false],
    [{ daysOfMonth: ["1:-5"] }, "2026-04-26T00:00Z", true],
    [{ daysOfMonth: ["1:-5"] }, "2026-04-27T00:00Z", false],
    [{ months: ["january:march", "12"] }, "2026-12-31T23:59Z", true],
    [{ months: ["january:march", "12"] }, "2026-04-01T00:00Z", false],
    [{ years: ["2024:2025", "2027"] }, "2026-06-01T00:00Z", false],
    [{ years: ["2024:2025", "2027"] }, "2027-06-01T00:00Z", true],
    [{ months: ["may:june"], daysOfMonth: ["1:7"], weekdays: ["monday"] }, "2026-06-01T00:00Z", true],
    [{ months: ["may:june"], daysOfMonth: ["1:7"], weekdays: ["monday"] }, "2026-06-08T00:00Z", false],
  ])("%j at %s is active: %s", (wish, instant, expected) => {
    expect(timetable(wish).isActive(at(instant))).toBe(expected);
  });

  it.each<[Wish, string]>([
    [{ times: [{ from: "17:00", until: "09:00" }] }, "/times/0"],
    [{ weekdays: ["monday", "friday:monday"] }, "/weekdays/1"],
    [{ weekdays: ["mon"] }, "/weekdays/0"],
    [{ daysOfMonth: ["0"] }, "/daysOfMonth/0"],
    [{ daysOfMonth: ["-1:5"] }, "/daysOfMonth/0"],
    [{ daysOfMonth: ["28:-5"] }, "/daysOfMonth/0"],
    [{ daysOfMonth: ["-1:-5"] }, "/daysOfMonth/0"],
    [{ months: ["march:january"] }, "/months/0"],
    [{ months: ["13"] }, "/months/0"],
    [{ years: ["2026:2025"] }, "/years/0"],
    [{ years: ["2026:2027:2028"] }, "/years/0"],
  ])("%j is refused at %s", (wish, pointer) => {
    expect(() => timetable(wish)).toThrow(pointer);
  });

  it("holds when one entry holds", () => {
    const either = timetable(
      { weekdays: ["saturday:saturday"] },
      { times: [{ from: "00:00", until: "06:00" }] },
    );
    expect(either.isActive(at("2026-06-06T12:00Z"))).toBe(true);
    expect(either.isActive(at("2026-06-08T05:59Z"))).toBe(true);
    expect(either.isActive(at("2026-06-08T06:00Z"))).toBe(false);
  });
});

describe("the next change of a time interval", () => {
  it.each<[Wish[], string, string | null]>([
    [[{ times: [{ from: "09:00", until: "17:00" }] }], "2026-06-01T08:00Z", "2026-06-01T09:00Z"],
    [[{ times: [{ from: "09:00", until: "17:00" }] }], "2026-06-01T09:00Z", "2026-06-01T17:00Z"],
    [[{ weekdays: ["monday:friday"], zone: "Asia/Seoul" }], "2026-06-01T00:00Z", "2026-06-05T15:00Z"],
    [
      [{ times: [{ from: "18:00", until: "24:00" }] }, { times: [{ from: "00:00", until: "06:00" }] }],
      "2026-06-01T20:00Z",
      "2026-06-02T06:00Z",
    ],
    [[{ daysOfMonth: ["29"], months: ["february"] }], "2026-03-01T00:00Z", "2028-02-29T00:00Z"],
    [[{ years: ["2030"] }], "2026-03-01T00:00Z", "2030-01-01T00:00Z"],
    [[{ years: ["2020:2025"] }], "2026-03-01T00:00Z", null],
    [[{}], "2026-03-01T00:00Z", null],
    [
      [{ times: [{ from: "02:00", until: "03:00" }], zone: "America/New_York" }],
      "2026-03-08T05:00Z",
      "2026-03-09T06:00Z",
    ],
    [
      [{ times: [{ from: "01:00", until: "01:30" }], zone: "America/New_York" }],
      "2026-11-01T05:00Z",
      "2026-11-01T05:30Z",
    ],
    [
      [{ times: [{ from: "01:00", until: "01:30" }], zone: "America/New_York" }],
      "2026-11-01T05:30Z",
      "2026-11-01T06:00Z",
    ],
  ])("%j after %s is %s", (wishes, after, expected) => {
    expect(timetable(...wishes).nextChange(at(after))).toBe(expected === null ? null : at(expected));
  });

  it("is where a walk over every minute finds it", () => {
    const random = seededRandom(7);
    const two = (value: number) => String(value).padStart(2, "0");
    for (let round = 0; round < 40; round++) {
      const from = Math.floor(random() * 23);
      const wish: Wish = {
        zone: random() < 0.5 ? "Australia/Lord_Howe" : "America/Sao_Paulo",
        times: [{ from: `${two(from)}:${random() < 0.5 ? "00" : "40"}`, until: `${two(from + 1)}:15` }],
        ...(random() < 0.5 ? { weekdays: [random() < 0.5 ? "sunday" : "thursday:saturday"] } : {}),
      };
      const table = timetable(wish);
      const start = at(wish.zone === "America/Sao_Paulo" ? "2018-11-03T00:00Z" : "2026-10-03T00:00Z");
      const end = start + 3 * 86_400_000;
      const walked: number[] = [];
      for (let minute = start + 60_000; minute < end; minute += 60_000) {
        if (table.isActive(minute) !== table.isActive(minute - 60_000)) walked.push(minute);
      }
      const found: number[] = [];
      for (let next = table.nextChange(start); next !== null && next < end; next = table.nextChange(next)) {
        found.push(next);
      }
      expect(found, JSON.stringify(wish)).toEqual(walked);
    }
  });
});

describe("a maintenance window", () => {
  const read = (times: z.input<typeof MaintenanceTimes>) =>
    maintenanceTimetable(MaintenanceTimes.parse(times));

  it("is open between two instants, the end not included", () => {
    const window = read({ kind: "span", from: "2026-06-01T00:00:00Z", until: "2026-06-01T02:00:00Z" });
    expect(
      [at("2026-05-31T23:59Z"), at("2026-06-01T00:00Z"), at("2026-06-01T02:00Z")].map(window.isActive),
    ).toEqual([false, true, false]);
    expect(window.nextChange(at("2026-05-01T00:00Z"))).toBe(at("2026-06-01T00:00Z"));
    expect(window.nextChange(at("2026-06-01T00:00Z"))).toBe(at("2026-06-01T02:00Z"));
    expect(window.nextChange(at("2026-06-01T02:00Z"))).toBeNull();
  });

  it("lasts its duration from each run of a rule, in elapsed time", () => {
    const window = read({
      kind: "recurring",
      schedule: {
        kind: "rrule",
        rule: "FREQ=MONTHLY;BYDAY=2SU",
        startsAt: "2026-01-01T01:00",
        zone: "America/New_York",
      },
      durationMs: 2 * 3_600_000,
    });
    expect(window.nextChange(at("2026-03-01T00:00Z"))).toBe(at("2026-03-08T01:00-05:00"));
    expect(window.isActive(at("2026-03-08T03:59-04:00"))).toBe(true);
    expect(window.nextChange(at("2026-03-08T01:00-05:00"))).toBe(at("2026-03-08T04:00-04:00"));
    expect(window.isActive(at("2026-03-08T04:00-04:00"))).toBe(false);
  });

  it("stays open where one window reaches into the next", () => {
    const window = read({
      kind: "recurring",
      schedule: { kind: "cron", expression: "0 1-4 * * *" },
      durationMs: 3_600_000,
    });
    expect(window.nextChange(at("2026-06-01T01:30Z"))).toBe(at("2026-06-01T05:00Z"));
    expect(window.nextChange(at("2026-06-01T05:00Z"))).toBe(at("2026-06-02T01:00Z"));
    expect(window.isActive(at("2026-06-01T03:00Z"))).toBe(true);
  });

  it("follows time intervals", () => {
    const window = read({ kind: "intervals", intervals: [{ weekdays: ["sunday"], zone: "Asia/Seoul" }] });
    expect(window.isActive(at("2026-06-06T15:00Z"))).toBe(true);
    expect(window.nextChange(at("2026-06-06T15:00Z"))).toBe(at("2026-06-07T15:00Z"));
  });
});

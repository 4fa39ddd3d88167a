import { describe, expect, it } from "vitest";
import { parseLocal } from "../../../../../src/kernel/civil.ts";
import { AppError } from "../../../../../src/kernel/problem.ts";
import { compileSchedule } from "../../../../../src/modules/schedules/compile-schedule.rules.ts";
import { nextRuns } from "../../../../../src/modules/schedules/next-runs.rules.ts";
import { parseRrule } from "../../../../../src/modules/schedules/rrule/parse-rrule.rules.ts";
import { rruleVectors } from "./rrule-vectors.ts";

function rrule(startsAt: string, rule: string, zone = "UTC") {
  return { kind: "rrule", startsAt, rule, zone, dst: "vixie" } as const;
}

function positionOf(rule: string): unknown {
  try {
    parseRrule(rule, parseLocal("2026-01-01T09:00") ?? 0);
  } catch (error) {
    if (error instanceof AppError) return error.failure.data?.position;
    throw error;
  }
  return null;
}

describe("a recurrence rule", () => {
  it.each(rruleVectors)("from %s: %s", (start, rule, expected) => {
    const schedule = compileSchedule(rrule(start, rule));
    const times = expected.map((local) => parseLocal(local));
    const found: (number | null)[] = [];
    let run = schedule.next(0);
    while (run !== null && found.length < times.length) {
      found.push(run);
      run = schedule.next(run);
    }
    expect(found).toEqual(times);
    const last = found.at(-1) ?? 0;
    if (/COUNT|UNTIL/.test(rule)) expect(schedule.next(last)).toBeNull();
    const back: (number | null)[] = [];
    for (let past = schedule.previous((last ?? 0) + 1); past !== null; past = schedule.previous(past)) {
      back.unshift(past);
    }
    expect(back).toEqual(times);
  });

  it.each([
    ["FREQ=HOURLY", 5],
    ["INTERVAL=2", 10],
    ["FREQ=DAILY;BYWEEKNO=3", 11],
    ["FREQ=DAILY;FREQ=DAILY", 11],
    ["FREQ=DAILY;COUNT=3;UNTIL=20260201", 17],
    ["RRULE:FREQ=WEEKLY;BYDAY=XX", 24],
    ["FREQ=WEEKLY;BYDAY=1MO", 18],
    ["FREQ=MONTHLY;BYDAY=6MO", 19],
    ["FREQ=MONTHLY;BYMONTHDAY=0", 24],
    ["FREQ=DAILY;UNTIL=20260231", 17],
    ["FREQ=DAILY;INTERVAL=1,2", 20],
  ])("is refused: %s, at %i", (rule, position) => {
    expect(positionOf(rule)).toBe(position);
  });

  it("follows the DST policy of fixed times", () => {
    const schedule = rrule("2026-03-07T02:30", "FREQ=DAILY", "America/New_York");
    expect(nextRuns(schedule, Date.parse("2026-03-07T00:00Z"), 3).map(({ local }) => local)).toEqual([
      "2026-03-07T02:30:00-05:00",
      "2026-03-08T03:00:00-04:00",
      "2026-03-09T02:30:00-04:00",
    ]);
  });

  it("ends with the instant of an UNTIL in UTC", () => {
    const schedule = compileSchedule(
      rrule("2026-01-01T09:00", "FREQ=DAILY;UNTIL=20260103T000000Z", "Asia/Seoul"),
    );
    const last = Date.parse("2026-01-03T09:00+09:00");
    expect(schedule.next(last - 1)).toBe(last);
    expect(schedule.next(last)).toBeNull();
    expect(schedule.previous(Number.MAX_SAFE_INTEGER)).toBe(last);
  });

  it("is refused when it starts on a day that is not", () => {
    expect(() => compileSchedule(rrule("2026-02-30T09:00", "FREQ=DAILY"))).toThrow("schedules.invalid_start");
  });
});

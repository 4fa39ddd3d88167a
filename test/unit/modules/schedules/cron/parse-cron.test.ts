import { describe, expect, it } from "vitest";
import { AppError } from "../../../../../src/kernel/problem.ts";
import { parseCron } from "../../../../../src/modules/schedules/cron/parse-cron.rules.ts";
import { nextRuns, previewRuns } from "../../../../../src/modules/schedules/next-runs.rules.ts";

function refusal(expression: string) {
  try {
    parseCron(expression);
  } catch (error) {
    if (error instanceof AppError) return { at: error.failure.data?.position, says: error.failure.detail };
    throw error;
  }
  return null;
}

function runs(expression: string, after: string, n: number, dayMatch: "or" | "and" = "or"): string[] {
  const schedule = { kind: "cron", expression, zone: "UTC", dayMatch, dst: "vixie" } as const;
  return nextRuns(schedule, Date.parse(after), n).map(({ local }) => local.replace("+00:00", ""));
}

describe("a cron expression", () => {
  it.each([
    ["60 * * * *", 0, "a number from 0 to 59"],
    ["* 24 * * *", 2, "a number from 0 to 23"],
    ["0 9 32 * *", 4, "1 to 31, L, L-3, LW or 15W"],
    ["0 9 * 13 *", 6, "1 to 12, or JAN to DEC"],
    ["0 9 * * 8", 8, "0 to 7, or SUN to SAT"],
    ["0 9 * * MONDAY", 8, "SUN to SAT"],
    ["1,2,x * * * *", 4, '"x" is no minute'],
    ["0-70 * * * *", 2, '"70" is no minute'],
    ["*/0 * * * *", 2, "a number from 1 to 59"],
    ["*/60 * * * *", 2, "a number from 1 to 59"],
    ["1/2/3 * * * *", 0, "one / in each part"],
    ["0 9 * * L", 8, "5L for the last Friday"],
    ["0 9 * * 5#6", 8, "#1 to #5"],
    ["0 9 L-31 * *", 4, "L-0 to L-30"],
    ["0 9 1-2W * *", 6, '"2W" is no day of month'],
    ["5- * * * *", 2, '"" is no minute'],
    ["-5 * * * *", 0, '"-5" is no minute'],
    [",1 * * * *", 0, '"" is no minute'],
    ["0 9 * *", 7, "five fields, or six"],
    ["0 0 9 * * * 2026", 12, "five fields, or six"],
    ["", 0, "five fields, or six"],
    ["@fortnightly", 0, "@weekly"],
    ["  0 9 * * *  @", 13, '"@" is no weekday'],
  ])("is refused: %j, at %i", (expression, at, says) => {
    expect(refusal(expression)?.at).toBe(at);
    expect(refusal(expression)?.says).toContain(says);
  });

  it.each([
    ["0 0 L * *", ["2026-01-31T00:00:00", "2026-02-28T00:00:00", "2026-03-31T00:00:00"]],
    ["0 0 L-2 * *", ["2026-01-29T00:00:00", "2026-02-26T00:00:00", "2026-03-29T00:00:00"]],
    ["0 0 LW * *", ["2026-01-30T00:00:00", "2026-02-27T00:00:00", "2026-03-31T00:00:00"]],
    ["0 0 L-2W * *", ["2026-01-29T00:00:00", "2026-02-26T00:00:00", "2026-03-30T00:00:00"]],
    ["0 0 1W * *", ["2026-02-02T00:00:00", "2026-03-02T00:00:00", "2026-04-01T00:00:00"]],
    ["0 0 31W * *", ["2026-01-30T00:00:00", "2026-03-31T00:00:00", "2026-05-29T00:00:00"]],
    ["0 0 * * 5L", ["2026-01-30T00:00:00", "2026-02-27T00:00:00", "2026-03-27T00:00:00"]],
    ["0 0 * * tue#5", ["2026-03-31T00:00:00", "2026-06-30T00:00:00", "2026-09-29T00:00:00"]],
    ["0 0 * * 1#1,5L", ["2026-01-30T00:00:00", "2026-02-02T00:00:00", "2026-02-27T00:00:00"]],
    ["0 0 1,L * *", ["2026-01-31T00:00:00", "2026-02-01T00:00:00", "2026-02-28T00:00:00"]],
    ["0 22-1 * * *", ["2026-01-10T22:00:00", "2026-01-10T23:00:00", "2026-01-11T00:00:00"]],
    ["50-10/15 0 * * *", ["2026-01-11T00:05:00", "2026-01-11T00:50:00", "2026-01-12T00:05:00"]],
    ["0 0 1 NOV-feb/2 ?", ["2026-11-01T00:00:00", "2027-01-01T00:00:00", "2027-11-01T00:00:00"]],
    ["0 0 * * FRI-SUN", ["2026-01-11T00:00:00", "2026-01-16T00:00:00", "2026-01-17T00:00:00"]],
    ["0 0 * * 7", ["2026-01-11T00:00:00", "2026-01-18T00:00:00", "2026-01-25T00:00:00"]],
    ["*/20 59 23 * * *", ["2026-01-10T23:59:00", "2026-01-10T23:59:20", "2026-01-10T23:59:40"]],
    ["@weekly", ["2026-01-11T00:00:00", "2026-01-18T00:00:00", "2026-01-25T00:00:00"]],
    ["@hourly", ["2026-01-10T13:00:00", "2026-01-10T14:00:00", "2026-01-10T15:00:00"]],
  ])("%s runs next at %j", (expression, expected) => {
    expect(runs(expression, "2026-01-10T12:00Z", 3)).toEqual(expected);
  });

  it("takes either day when both day fields are restricted, and both when asked to", () => {
    expect(runs("0 0 13 * FRI", "2026-02-01T00:00Z", 3)).toEqual([
      "2026-02-06T00:00:00",
      "2026-02-13T00:00:00",
      "2026-02-20T00:00:00",
    ]);
    expect(runs("0 0 13 * FRI", "2026-02-01T00:00Z", 3, "and")).toEqual([
      "2026-02-13T00:00:00",
      "2026-03-13T00:00:00",
      "2026-11-13T00:00:00",
    ]);
  });

  it("does not count a day field that starts with a star as restricted", () => {
    expect(runs("0 0 */10 * MON", "2026-01-01T00:00Z", 3)).toEqual([
      "2026-05-11T00:00:00",
      "2026-06-01T00:00:00",
      "2026-08-31T00:00:00",
    ]);
  });

  it("finds 29 February on a Monday across a century without a leap day", () => {
    expect(runs("0 0 29 2 1", "2088-03-01T00:00Z", 1, "and")).toEqual(["2112-02-29T00:00:00"]);
    expect(runs("0 0 29 2 0", "2088-03-01T00:00Z", 1, "and")).toEqual(["2128-02-29T00:00:00"]);
  });

  it("is refused by the preview when it never runs", () => {
    const schedule = {
      kind: "cron",
      expression: "0 0 30 2 *",
      zone: "UTC",
      dayMatch: "or",
      dst: "vixie",
    } as const;
    expect(nextRuns(schedule, 0, 5)).toEqual([]);
    expect(() => previewRuns(schedule, 0)).toThrow("schedules.never_runs");
  });
});

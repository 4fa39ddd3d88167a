import { describe, expect, it } from "vitest";
import type { DstPolicy } from "../../../../contracts/schedules.ts";
import { compileSchedule } from "../../../../src/modules/schedules/compile-schedule.rules.ts";
import { nextRuns } from "../../../../src/modules/schedules/next-runs.rules.ts";
import { dstVectors, policyVectors } from "./dst-vectors.ts";

function cron(zone: string, expression: string, dst: DstPolicy = "vixie") {
  return { kind: "cron", zone, expression, dayMatch: "or", dst } as const;
}

describe.each(Object.entries(dstVectors))("the DST policy in %s", (zone, rows) => {
  it.each(rows)("runs %s after %s at %s", (expression, after, expected) => {
    const schedule = compileSchedule(cron(zone, expression));
    const run = Date.parse(expected);
    expect(schedule.next(Date.parse(after))).toBe(run);
    expect(schedule.previous(run + 1)).toBe(run);
    expect(schedule.next(run - 1)).toBe(run);
  });
});

describe("the DST policies beside vixie", () => {
  it.each(policyVectors)("in %s %s after %s", (zone, expression, after, skipped, shifted) => {
    for (const [dst, expected] of [["skip", skipped] as const, ["shift", shifted] as const]) {
      const schedule = compileSchedule(cron(zone, expression, dst));
      const run = Date.parse(expected);
      expect(schedule.next(Date.parse(after))).toBe(run);
      expect(schedule.previous(run + 1)).toBe(run);
    }
  });

  it("runs a shifted time after an earlier time that was not skipped", () => {
    const after = Date.parse("2026-10-04T01:45+10:30");
    const runs = nextRuns(cron("Australia/Lord_Howe", "20,35,45 2 * * *", "shift"), after, 3);
    expect(runs.map(({ local }) => local.slice(11, 16))).toEqual(["02:35", "02:45", "02:50"]);
  });
});

describe("what a preview says about the clocks", () => {
  it("marks the run that moved out of a gap", () => {
    const runs = nextRuns(cron("America/New_York", "30 2 * * *"), Date.parse("2026-03-07T00:00-05:00"), 3);
    expect(runs).toEqual([
      { scheduledFor: Date.parse("2026-03-07T02:30-05:00"), local: "2026-03-07T02:30:00-05:00" },
      {
        scheduledFor: Date.parse("2026-03-08T03:00-04:00"),
        local: "2026-03-08T03:00:00-04:00",
        note: "dst_gap",
      },
      { scheduledFor: Date.parse("2026-03-09T02:30-04:00"), local: "2026-03-09T02:30:00-04:00" },
    ]);
  });

  it("marks both passes of a repeated hour", () => {
    const runs = nextRuns(cron("Europe/Dublin", "30 * * * *"), Date.parse("2026-10-25T00:00+01:00"), 4);
    expect(runs.map(({ local, note }) => [local, note])).toEqual([
      ["2026-10-25T00:30:00+01:00", undefined],
      ["2026-10-25T01:30:00+01:00", "dst_overlap"],
      ["2026-10-25T01:30:00+00:00", "dst_overlap"],
      ["2026-10-25T02:30:00+00:00", undefined],
    ]);
  });
});

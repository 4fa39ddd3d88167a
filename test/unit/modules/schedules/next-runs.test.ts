import { describe, expect, it } from "vitest";
import { Schedule } from "../../../../contracts/schedules.ts";
import { zoneOf } from "../../../../src/kernel/zone.ts";
import { jitterOf } from "../../../../src/modules/schedules/jitter.rules.ts";
import { nextRuns, previewRuns, previousRun } from "../../../../src/modules/schedules/next-runs.rules.ts";
import { zoneVersion } from "../../../../src/modules/schedules/zone-version.rules.ts";

const at = (text: string) => Date.parse(text);

describe("runs of a schedule", () => {
  it("previews twenty runs of a weekday morning in Seoul", () => {
    const schedule = Schedule.parse({ kind: "cron", expression: "0 9 * * 1-5", zone: "Asia/Seoul" });
    const runs = previewRuns(schedule, at("2026-12-30T03:00Z"));
    expect(runs).toHaveLength(20);
    expect(runs.slice(0, 3).map(({ local }) => local)).toEqual([
      "2026-12-31T09:00:00+09:00",
      "2027-01-01T09:00:00+09:00",
      "2027-01-04T09:00:00+09:00",
    ]);
    expect(runs.at(-1)?.local).toBe("2027-01-27T09:00:00+09:00");
  });

  it("counts intervals in elapsed time from their anchor", () => {
    const schedule = Schedule.parse({
      ...{
        kind: "interval",
        everyMs: 21_600_000,
        anchorAt: "2026-03-07T12:00:00-05:00",
        zone: "America/New_York",
      },
    });
    expect(nextRuns(schedule, at("2026-03-08T05:00Z"), 2).map(({ local }) => local)).toEqual([
      "2026-03-08T07:00:00-04:00",
      "2026-03-08T13:00:00-04:00",
    ]);
    expect(nextRuns(schedule, 0, 1)[0]?.local).toBe("2026-03-07T12:00:00-05:00");
    expect(previousRun(schedule, at("2026-03-07T17:00Z"))).toBeNull();
    expect(previousRun(schedule, at("2026-03-07T23:00Z"))?.local).toBe("2026-03-07T12:00:00-05:00");
    expect(previousRun(schedule, at("2026-03-07T23:00Z") + 1)?.local).toBe("2026-03-07T18:00:00-05:00");
  });

  it("runs once what runs once", () => {
    const schedule = Schedule.parse({ kind: "once", at: "2026-05-01T00:00:00Z" });
    expect(nextRuns(schedule, at("2026-04-01T00:00Z"), 5)).toEqual([
      { scheduledFor: at("2026-05-01T00:00Z"), local: "2026-05-01T00:00:00+00:00" },
    ]);
    expect(nextRuns(schedule, at("2026-05-01T00:00Z"), 5)).toEqual([]);
    expect(previousRun(schedule, at("2026-05-01T00:00Z"))).toBeNull();
  });

  it("refuses a zone that the runtime doesn't know", () => {
    const schedule = Schedule.parse({ kind: "cron", expression: "0 9 * * *", zone: "Mars/Olympus" });
    expect(() => nextRuns(schedule, 0, 1)).toThrow("calendar.unknown_zone");
  });
});

describe("the jitter of a run", () => {
  it("is the same for the same run, below its bound, and spread over it", () => {
    const delays = Array.from({ length: 400 }, (_, index) => jitterOf("job_1", index * 60_000, 30_000));
    expect(delays).toEqual(
      Array.from({ length: 400 }, (_, index) => jitterOf("job_1", index * 60_000, 30_000)),
    );
    expect(delays.every((delay) => Number.isInteger(delay) && delay >= 0 && delay < 30_000)).toBe(true);
    const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
    expect(Math.abs(mean - 15_000)).toBeLessThan(2000);
    expect(jitterOf("job_2", 0, 30_000)).not.toBe(delays[0]);
  });

  it("never changes between releases", () => {
    expect(jitterOf("job_1", Date.parse("2026-01-01T00:00Z"), 60_000)).toBe(3941);
  });
});

describe("the version of a zone's data", () => {
  it("is one for zones that keep the same time, and another where transitions differ", () => {
    const now = Date.parse("2026-06-01T00:00Z");
    expect(zoneVersion(zoneOf("Asia/Seoul"), now)).toBe(zoneVersion(zoneOf("Asia/Tokyo"), now));
    expect(zoneVersion(zoneOf("Europe/Dublin"), now)).not.toBe(zoneVersion(zoneOf("UTC"), now));
    expect(zoneVersion(zoneOf("UTC"), now)).toMatch(/^[0-9a-f]{16}$/);
  });
});

import { describe, expect, it } from "vitest";
import { UsagePolicy } from "../../../../contracts/usage-policy.ts";
import { localPeriods } from "../../../../src/modules/policy/local-periods.rules.ts";
import {
  checkSubmission,
  retentionCutoff,
  type SubmissionRequest,
  type UsageSoFar,
} from "../../../../src/modules/policy/usage-policy.rules.ts";

const now = Date.parse("2026-03-10T05:00:00Z");
const idle: UsageSoFar = {
  spentTodayMicros: 0,
  spentThisMonthMicros: 0,
  reservedMicros: 0,
  runsToday: 0,
  activeRuns: 0,
};
const request: SubmissionRequest = {
  models: [{ name: "judge-small", path: ["judge", "model"] }],
  metrics: [
    { name: "faithfulness", path: ["metrics", 0] },
    { name: "token_f1", path: ["metrics", 1, "name"] },
  ],
  estimatedCostMicros: 1_000,
};

function check(policy: object, usage: Partial<UsageSoFar> = {}, more: Partial<SubmissionRequest> = {}) {
  return checkSubmission(UsagePolicy.parse(policy), { ...request, ...more }, { ...idle, ...usage }, now);
}

describe("the usage policy", () => {
  it("limits neither models nor cost unless it says so, and has the usual limits on runs", () => {
    expect(UsagePolicy.parse({})).toEqual({
      allowedModels: null,
      allowedMetrics: null,
      dailyCostLimitMicros: null,
      monthlyCostLimitMicros: null,
      maxConcurrentRuns: 10,
      maxDailyRuns: 1_000,
      dataRetentionDays: 90,
      timeZone: "UTC",
    });
    expect(check({})).toEqual([]);
    expect(check({}, {}, { estimatedCostMicros: null })).toEqual([]);
  });

  it.each([
    ["a time zone that does not exist", { timeZone: "Asia/Atlantis" }],
    ["a negative limit", { dailyCostLimitMicros: -1 }],
    ["a fraction of a micro", { dailyCostLimitMicros: 0.5 }],
    ["no retention", { dataRetentionDays: 0 }],
    ["an unknown field", { dailyCostLimitUsd: 5 }],
  ])("refuses %s", (_, input) => {
    expect(UsagePolicy.safeParse(input).success).toBe(false);
  });

  it("points at every model and metric it does not allow", () => {
    const found = check({ allowedModels: ["judge-large"], allowedMetrics: ["faithfulness"] });
    expect(found.map(({ pointer, code, kind }) => [pointer, code, kind])).toEqual([
      ["/judge/model", "policy.model_not_allowed", "forbidden"],
      ["/metrics/1/name", "policy.metric_not_allowed", "forbidden"],
    ]);
  });

  it("matches names whole, not by their beginning", () => {
    expect(check({ allowedModels: ["judge-small-2026"] })).toHaveLength(1);
    expect(check({ allowedModels: ["judge"] })).toHaveLength(1);
    expect(check({ allowedModels: ["judge-small"] })).toEqual([]);
  });

  it("allows nothing with an empty list", () => {
    expect(check({ allowedMetrics: [] })).toHaveLength(2);
  });

  it("counts what is spent, reserved and expected against the limit, which itself may be reached", () => {
    const limit = { dailyCostLimitMicros: 10_000 };
    expect(check(limit, { spentTodayMicros: 6_000, reservedMicros: 3_000 })).toEqual([]);
    const [found] = check(limit, { spentTodayMicros: 6_001, reservedMicros: 3_000 });
    expect(found).toMatchObject({
      kind: "limit_reached",
      code: "policy.daily_cost_limit_reached",
      pointer: "",
    });
    expect(found?.opensAt).toBe(Date.parse("2026-03-11T00:00:00Z"));
  });

  it("opens the monthly limit with the next month in the policy's own zone", () => {
    const [found] = check(
      { monthlyCostLimitMicros: 10_000, timeZone: "Asia/Seoul" },
      { spentThisMonthMicros: 9_500 },
    );
    expect(found?.code).toBe("policy.monthly_cost_limit_reached");
    expect(found?.opensAt).toBe(Date.parse("2026-03-31T15:00:00Z"));
  });

  it("does not promise a later time to a run that alone is over the limit", () => {
    const [found] = check({ dailyCostLimitMicros: 500 });
    expect(found).toMatchObject({ kind: "forbidden", opensAt: null });
  });

  it("refuses an unknown price only where cost is limited", () => {
    const [found] = check({ dailyCostLimitMicros: 500 }, {}, { estimatedCostMicros: null });
    expect(found).toMatchObject({ kind: "forbidden", code: "policy.cost_unknown" });
  });

  it("limits runs a day and at a time", () => {
    const limits = { maxDailyRuns: 5, maxConcurrentRuns: 2 };
    expect(check(limits, { runsToday: 4, activeRuns: 1 })).toEqual([]);
    expect(
      check(limits, { runsToday: 5, activeRuns: 2 }).map(({ code, opensAt }) => [code, opensAt]),
    ).toEqual([
      ["policy.daily_runs_reached", Date.parse("2026-03-11T00:00:00Z")],
      ["policy.concurrent_runs_reached", null],
    ]);
  });

  it("reports everything that is wrong at once", () => {
    const all = {
      allowedModels: [],
      allowedMetrics: [],
      dailyCostLimitMicros: 1,
      maxDailyRuns: 0,
      maxConcurrentRuns: 0,
    };
    expect(check(all)).toHaveLength(6);
  });

  it("keeps data for as many days as it says", () => {
    expect(retentionCutoff({ dataRetentionDays: 30 }, now)).toBe(Date.parse("2026-02-08T05:00:00Z"));
  });
});

describe("days and months in a time zone", () => {
  const iso = (at: number) => new Date(at).toISOString();

  it.each([
    ["UTC", "2026-03-10T05:00:00Z", "2026-03-10T00:00:00.000Z", "2026-03-11T00:00:00.000Z"],
    ["Asia/Seoul", "2026-03-10T16:00:00Z", "2026-03-10T15:00:00.000Z", "2026-03-11T15:00:00.000Z"],
    // Clocks go forward: a day of 23 hours; and back: one of 25.
    ["America/New_York", "2026-03-08T12:00:00Z", "2026-03-08T05:00:00.000Z", "2026-03-09T04:00:00.000Z"],
    ["America/New_York", "2026-11-01T12:00:00Z", "2026-11-01T04:00:00.000Z", "2026-11-02T05:00:00.000Z"],
    // The change falls on midnight itself: this day begins at one o'clock.
    ["America/Santiago", "2026-09-06T12:00:00Z", "2026-09-06T04:00:00.000Z", "2026-09-07T03:00:00.000Z"],
    ["Asia/Kathmandu", "2026-01-01T00:00:00Z", "2025-12-31T18:15:00.000Z", "2026-01-01T18:15:00.000Z"],
  ])("finds the day in %s around %s", (zone, at, startAt, endAt) => {
    const { day } = localPeriods(Date.parse(at), zone);
    expect([iso(day.startAt), iso(day.endAt)]).toEqual([startAt, endAt]);
  });

  it("finds the month across a year's end", () => {
    const { month } = localPeriods(Date.parse("2026-12-31T15:30:00Z"), "Asia/Seoul");
    expect([iso(month.startAt), iso(month.endAt)]).toEqual([
      "2026-12-31T15:00:00.000Z",
      "2027-01-31T15:00:00.000Z",
    ]);
  });

  it("puts every hour of a year into one day, and days end to end", () => {
    for (const zone of ["America/New_York", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe"]) {
      let previous = localPeriods(Date.parse("2026-01-01T12:00:00Z"), zone).day;
      for (let at = previous.endAt; at < Date.parse("2027-01-01T00:00:00Z"); at = previous.endAt) {
        const { day } = localPeriods(at, zone);
        expect(day.startAt).toBe(previous.endAt);
        expect(localPeriods(day.endAt - 1, zone).day).toEqual(day);
        previous = day;
      }
    }
  });
});

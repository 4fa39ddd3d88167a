import { describe, expect, it } from "vitest";
import { type CatchUp, RunPolicy, Schedule } from "../../../../contracts/schedules.ts";
import { dueRuns, type JobState } from "../../../../src/modules/schedules/due-runs.rules.ts";

const at = (clock: string) => Date.parse(`2026-06-01T${clock}Z`);
const clockOf = (instant: number) => new Date(instant).toISOString().slice(11, 19);

function job(change: Partial<JobState> = {}, policy: Partial<RunPolicy> = {}): JobState {
  return {
    jobId: "job_1",
    schedule: Schedule.parse({ kind: "cron", expression: "0 * * * *" }),
    policy: RunPolicy.parse(policy),
    decidedUpTo: at("00:30:00"),
    running: [],
    ...change,
  };
}

function clocks(state: JobState, now: string) {
  const { start, dropped } = dueRuns(state, at(now));
  return {
    start: start.map(({ scheduledFor }) => clockOf(scheduledFor)),
    dropped: dropped.map(({ reason, from, to }) => `${reason} ${clockOf(from)}-${clockOf(to)}`),
  };
}

describe("runs that are due", () => {
  it("start on time and are not started again", () => {
    const first = dueRuns(job(), at("01:00:00"));
    expect(first.start).toEqual([
      { key: "job_1@2026-06-01T01:00:00.000Z", scheduledFor: at("01:00:00"), dueAt: at("01:00:00") },
    ]);
    expect(first.nextAt).toBe(at("02:00:00"));
    expect(first.decidedUpTo).toBe(at("01:00:00"));
    const again = dueRuns(job({ decidedUpTo: first.decidedUpTo }), at("01:00:01"));
    expect(again.start).toEqual([]);
    expect(again.nextAt).toBe(at("02:00:00"));
  });

  it("have the same keys when an alarm fires twice over the same state", () => {
    const state = job({}, { jitterMs: 5000, catchUp: { mode: "all", max: 3 } });
    expect(dueRuns(state, at("05:10:00"))).toEqual(dueRuns(state, at("05:10:00")));
    const earlier = dueRuns(state, at("05:10:00")).start.map(({ key }) => key);
    expect(dueRuns(state, at("05:20:00")).start.map(({ key }) => key)).toEqual(earlier);
  });

  it("wait for their jitter", () => {
    const state = job({}, { jitterMs: 600_000 });
    const early = dueRuns(state, at("01:00:00"));
    const due = early.nextAt ?? 0;
    expect(due).toBeGreaterThan(at("01:00:00"));
    expect(due).toBeLessThan(at("01:10:00"));
    expect(early.start).toEqual([]);
    expect(dueRuns({ ...state, decidedUpTo: early.decidedUpTo }, due - 1).start).toEqual([]);
    expect(dueRuns({ ...state, decidedUpTo: early.decidedUpTo }, due).start).toHaveLength(1);
  });

  it("keep their order and start once each when the jitter is longer than their period", () => {
    const schedule = Schedule.parse({ kind: "interval", everyMs: 10_000, anchorAt: "2026-06-01T00:30:00Z" });
    let state = job(
      { schedule, decidedUpTo: at("00:29:59") },
      { jitterMs: 45_000, catchUp: { mode: "none" } },
    );
    const started: number[] = [];
    for (let now = at("00:30:00"); now < at("00:40:00"); now += 1000) {
      const { start, decidedUpTo, dropped } = dueRuns(state, now);
      expect(dropped).toEqual([]);
      for (const { scheduledFor, dueAt } of start) {
        expect(dueAt).toBeLessThanOrEqual(now);
        started.push(scheduledFor);
      }
      state = { ...state, decidedUpTo };
    }
    const expected = Array.from({ length: started.length }, (_, index) => at("00:30:00") + index * 10_000);
    expect(started).toEqual(expected);
    expect(started.length).toBeGreaterThanOrEqual(55);
  });

  it.each<[CatchUp, string[], string[]]>([
    [{ mode: "none" }, [], ["missed 01:00:00-05:00:00"]],
    [{ mode: "last" }, ["05:00:00"], ["missed 01:00:00-04:00:00"]],
    [{ mode: "all", max: 2 }, ["04:00:00", "05:00:00"], ["missed 01:00:00-03:00:00"]],
    [{ mode: "all", max: 500 }, ["01:00:00", "02:00:00", "03:00:00", "04:00:00", "05:00:00"], []],
  ])("after an outage are caught up by %j", (catchUp, start, dropped) => {
    expect(clocks(job({}, { catchUp }), "05:30:00")).toEqual({ start, dropped });
  });

  it("on time make the one late run unnecessary", () => {
    expect(clocks(job({}, { catchUp: { mode: "last" } }), "05:00:30")).toEqual({
      start: ["05:00:00"],
      dropped: ["missed 01:00:00-04:00:00"],
    });
  });

  it("are dropped beyond their deadline", () => {
    const policy = { catchUp: { mode: "all", max: 500 }, deadlineMs: 2 * 3_600_000 } as const;
    expect(clocks(job({}, policy), "05:30:00")).toEqual({
      start: ["04:00:00", "05:00:00"],
      dropped: ["deadline 01:00:00-03:00:00"],
    });
  });

  it("neither start nor queue beside a run that is going when overlap is forbidden", () => {
    const policy = { overlap: "forbid" } as const;
    expect(clocks(job({ running: ["job_1@x"] }, policy), "01:00:00")).toEqual({
      start: [],
      dropped: ["overlap 01:00:00-01:00:00"],
    });
    expect(clocks(job({}, { ...policy, catchUp: { mode: "all", max: 9 } }), "03:00:00")).toEqual({
      start: ["03:00:00"],
      dropped: ["overlap 01:00:00-02:00:00"],
    });
  });

  it("stop the run that is going when they replace it", () => {
    const replaced = dueRuns(job({ running: ["job_1@x"] }, { overlap: "replace" }), at("01:00:00"));
    expect(replaced.stop).toEqual(["job_1@x"]);
    expect(replaced.start).toHaveLength(1);
    expect(dueRuns(job({ running: ["job_1@x"] }, { overlap: "replace" }), at("00:50:00")).stop).toEqual([]);
  });

  it("are found quickly after a week without a scheduler", () => {
    const schedule = Schedule.parse({ kind: "cron", expression: "* * * * * *" });
    const week = job(
      { schedule, decidedUpTo: at("00:00:00") - 7 * 86_400_000 },
      { catchUp: { mode: "all", max: 2 } },
    );
    const { start, dropped } = dueRuns(week, at("00:00:00"));
    expect(start).toHaveLength(63);
    expect(dropped).toEqual([
      { reason: "missed", from: week.decidedUpTo + 1000, to: at("00:00:00") - 63_000 },
    ]);
  });

  it("are looked at daily even when the next is far off", () => {
    const yearly = job({ schedule: Schedule.parse({ kind: "cron", expression: "@yearly" }) });
    const { nextAt, wakeAt } = dueRuns(yearly, at("12:00:00"));
    expect(nextAt).toBe(Date.parse("2027-01-01T00:00Z"));
    expect(wakeAt).toBe(at("12:00:00") + 86_400_000);
  });

  it("come no more when the schedule is over", () => {
    const once = job({ schedule: Schedule.parse({ kind: "once", at: "2026-06-01T01:00:00Z" }) });
    const { start, decidedUpTo, nextAt } = dueRuns(once, at("01:00:00"));
    expect(start).toHaveLength(1);
    expect(nextAt).toBeNull();
    expect(dueRuns({ ...once, decidedUpTo }, at("09:00:00"))).toMatchObject({ start: [], wakeAt: null });
  });

  it("are not decided again when the clock goes back", () => {
    const state = job({ decidedUpTo: at("02:00:00") });
    expect(dueRuns(state, at("01:30:00"))).toMatchObject({
      start: [],
      dropped: [],
      decidedUpTo: at("02:00:00"),
      nextAt: at("03:00:00"),
    });
  });
});

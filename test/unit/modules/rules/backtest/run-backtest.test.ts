import { describe, expect, it } from "vitest";
import type { RoutingConfig } from "../../../../../contracts/alerts.ts";
import { BacktestReport } from "../../../../../contracts/backtest.ts";
import type { MaruEvent } from "../../../../../contracts/events.ts";
import type { RuleDefinitionInput } from "../../../../../contracts/rules.ts";
import { draftedEvents } from "../../../../../src/modules/rules/backtest/drafted-events.rules.ts";
import { type BacktestRequest, runBacktest } from "../../../../../src/modules/rules/backtest/run-backtest.ts";
import { eventOf, ruleOf } from "../engine/rule-bench.ts";

const start = Date.parse("2026-01-05T09:00:00Z");
const minute = 60_000;
const minutesIn = (minutes: number) => new Date(start + minutes * minute).toISOString();

const cpu: Partial<RuleDefinitionInput> = {
  key: ["data.host"],
  keyLabels: ["host"],
  trigger: { kind: "filter", value: "data.cpu" },
  condition: { kind: "static", of: "value", open: { op: ">", value: 80 }, close: { op: "<", value: 70 } },
  forMs: 2 * minute,
};

const routing: RoutingConfig = {
  route: { receiver: "ops", groupBy: ["alertname"], groupWaitMs: 30_000, groupIntervalMs: 5 * minute },
  receivers: [{ name: "ops", channels: [{ channelId: "chn_1" }] }],
  inhibitions: [],
  maintenance: [],
  timeIntervals: {},
};

const sample = (minutes: number, host: string, value: number): MaruEvent =>
  eventOf(start + minutes * minute, { host, cpu: value }, { id: `${host}-${minutes}` });

async function backtest(
  events: readonly MaruEvent[],
  definition: Partial<RuleDefinitionInput> = cpu,
  more: Partial<BacktestRequest> = {},
) {
  const report = await runBacktest({
    ruleId: "rul_1",
    candidate: { version: 2, rule: ruleOf(definition) },
    live: null,
    from: start,
    to: start + 60 * minute,
    events,
    routing,
    maxEvents: 100_000,
    ...more,
  });
  return BacktestReport.parse(report);
}

const shape = (report: Awaited<ReturnType<typeof backtest>>) =>
  report.timeline.map(({ at, labels, from, to }) => `${at.slice(11, 16)} ${labels.host} ${from}>${to}`);

/** Two hosts: one is busy from 0 to 9, the other from 1 to 4. */
const twoHosts = Array.from({ length: 20 }, (_, i) => [
  sample(i, "a", i < 10 ? 90 : 20),
  sample(i, "b", i >= 1 && i < 5 ? 95 : 30),
]).flat();

describe("a backtest", () => {
  it("shows what would have fired, with the events that made it", async () => {
    const report = await backtest(twoHosts);
    expect(shape(report)).toEqual([
      "09:00 a normal>pending",
      "09:01 b normal>pending",
      "09:02 a pending>firing",
      "09:03 b pending>firing",
      "09:05 b firing>normal",
      "09:10 a firing>normal",
    ]);
    expect(report.timeline[5]?.cause).toEqual({
      by: "events",
      events: [{ source: "/test", id: "a-10" }],
      omitted: 0,
    });
    expect(report.counts).toMatchObject({ events: 40, taken: 40, fired: 2, resolved: 2, keys: 2, late: 0 });
  });

  it("counts notifications after grouping: both hosts go out together", async () => {
    const { notifications } = await backtest(twoHosts);
    // 09:02:30 a fires alone; the group's next tick at 09:07:30 has b resolved already; 09:12:30 a resolved.
    expect(
      notifications.items.map(({ at, status, firing, resolved }) => [at, status, firing, resolved]),
    ).toEqual([
      ["2026-01-05T09:02:30.000Z", "firing", 1, 0],
      ["2026-01-05T09:07:30.000Z", "firing", 1, 1],
      ["2026-01-05T09:12:30.000Z", "resolved", 0, 1],
    ]);
    expect(notifications).toMatchObject({ count: 3, byChannel: { chn_1: 3 } });
  });

  it("has the same hash for the same input, and another for another", async () => {
    const [one, two, three] = [
      await backtest(twoHosts),
      await backtest(twoHosts),
      await backtest(twoHosts.slice(1)),
    ];
    expect(two).toEqual(one);
    expect(one.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(three.hash).not.toBe(one.hash);
  });

  it("says what another version would do otherwise", async () => {
    const live = { version: 1, rule: ruleOf(cpu) };
    const stricter = { ...cpu, forMs: 5 * minute };
    const { difference, live: beside } = await backtest(twoHosts, stricter, { live });
    expect(difference).toMatchObject({
      same: 0,
      fires: [],
      firesNoMore: [{ labels: { host: "b" }, at: minutesIn(3), endedAt: minutesIn(5) }],
      moved: [{ before: { at: minutesIn(2) }, after: { at: minutesIn(5), endedAt: minutesIn(10) } }],
      counts: { fires: 0, firesNoMore: 1, moved: 1 },
    });
    expect(beside).toMatchObject({ version: 1, counts: { fired: 2 }, notifications: { count: 3 } });
  });

  it("finds nothing different between a version and itself", async () => {
    const live = { version: 1, rule: ruleOf(cpu) };
    const { difference } = await backtest(twoHosts, cpu, { live });
    expect(difference).toMatchObject({ same: 2, counts: { fires: 0, firesNoMore: 0, moved: 0 } });
  });

  it("lets time alone make things happen: an absence is found though no event comes", async () => {
    const silent: Partial<RuleDefinitionInput> = {
      key: ["data.host"],
      keyLabels: ["host"],
      trigger: { kind: "filter", value: "data.cpu" },
      condition: { kind: "static", of: "value", open: { op: ">", value: 1000 } },
      noData: { use: "alert", afterMs: 10 * minute },
    };
    const report = await backtest([sample(0, "a", 1), sample(1, "a", 1)], silent);
    expect(report.timeline).toMatchObject([{ at: minutesIn(11), to: "firing", reason: "noData" }]);
  });

  it("counts duplicates and late events as the engine does", async () => {
    const events = [
      sample(0, "a", 90),
      { ...sample(0, "a", 90), ingesttime: start + minute },
      { ...sample(-30, "a", 90), ingesttime: start + 2 * minute },
    ];
    const { counts } = await backtest(events, { ...cpu, lateness: { policy: "drop" } });
    expect(counts).toMatchObject({ events: 3, taken: 2, duplicates: 1, late: 1 });
  });

  it("runs the schedule of a rule that has one", async () => {
    const scheduled: Partial<RuleDefinitionInput> = {
      trigger: {
        kind: "schedule",
        schedule: { kind: "cron", expression: "*/20 * * * *", zone: "Asia/Seoul" },
      },
      outcome: "match",
    };
    const report = await backtest([], scheduled);
    expect(report.timeline.map(({ at }) => at)).toEqual([
      minutesIn(0),
      minutesIn(20),
      minutesIn(40),
      minutesIn(60),
    ]);
  });

  it("stops where the budget ends, and says how far it came", async () => {
    const few = await backtest(twoHosts, cpu, { maxEvents: 10 });
    expect(few).toMatchObject({ truncated: "events", reachedAt: minutesIn(4), counts: { events: 10 } });
    const cheap = await backtest(twoHosts, cpu, { maxWork: 12 });
    expect(cheap.truncated).toBe("work");
    expect(Date.parse(cheap.reachedAt)).toBeLessThan(start + 60 * minute);
  });

  it("refuses a routing that is not valid, with a pointer into it", async () => {
    const bad = { ...routing, route: { receiver: "nobody else" } };
    await expect(backtest(twoHosts, cpu, { routing: bad })).rejects.toMatchObject({
      failure: { code: "alerts.bad_routing", errors: [{ pointer: expect.stringMatching(/^\/routing\//) }] },
    });
  });
});

describe("events that an author writes", () => {
  it("arrive when they happened unless said otherwise, in the order of their arrival", () => {
    const events = draftedEvents(
      [
        { type: "b", time: minutesIn(2) },
        { type: "a", time: minutesIn(0), arrivedAt: minutesIn(1), id: "mine" },
      ],
      "tn_1",
      start,
    );
    expect(events).toMatchObject([
      { id: "mine", type: "a", time: start, ingesttime: start + minute, source: "draft" },
      { id: "draft-1", type: "b", time: start + 2 * minute, ingesttime: start + 2 * minute },
    ]);
  });
});

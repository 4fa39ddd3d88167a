import { describe, expect, it } from "vitest";
import type { RoutingConfig } from "../../../../../contracts/alerts.ts";
import type { MaruEvent } from "../../../../../contracts/events.ts";
import { MetricTarget } from "../../../../../contracts/rule-metrics.ts";
import type { RuleDefinitionInput } from "../../../../../contracts/rules.ts";
import { mergeArrivals } from "../../../../../src/modules/rules/backtest/merge-arrivals.ts";
import { runBacktest } from "../../../../../src/modules/rules/backtest/run-backtest.ts";
import { clockPlan } from "../../../../../src/modules/rules/polling/clock-plan.rules.ts";
import type { PollResult } from "../../../../../src/modules/rules/polling/fed-inputs.rules.ts";
import { keepPoll } from "../../../../../src/modules/rules/polling/keep-poll.ts";
import { pollSourceId } from "../../../../../src/modules/rules/polling/polled-event.rules.ts";
import { readHistory } from "../../../../../src/modules/sources/history/read-history.ts";
import { memoryBlobs } from "../../../../../src/platform/blob/memory.ts";
import { eventOf, ruleOf } from "../engine/rule-bench.ts";

const start = Date.UTC(2026, 0, 5, 9);
const minute = 60_000;
const metric = MetricTarget.parse({ url: "https://example.com/m", format: "json", intervalMs: minute });
const busy: Partial<RuleDefinitionInput> = {
  trigger: { kind: "metric", metric },
  condition: { kind: "static", of: "value", open: { op: ">", value: 80 } },
  forMs: 2 * minute,
};
const routing: RoutingConfig = {
  route: { receiver: "ops", groupWaitMs: 0 },
  receivers: [{ name: "ops", channels: [{ channelId: "chn_1" }] }],
  inhibitions: [],
  maintenance: [],
  timeIntervals: {},
};
const rule = { ruleId: "rul_1", lineage: "rul_1", version: 1, shadow: false, from: 0 };
const [entry] = clockPlan([{ ...rule, definition: ruleOf(busy).definition }]).polls;

/** A poll a minute, each of which arrived 300 ms after it was due, as the history keeps it. */
async function polls(...results: (PollResult | number | null)[]) {
  const blobs = memoryBlobs();
  if (entry === undefined) throw new Error("it is not polled");
  for (const [n, given] of results.entries()) {
    if (given === null) continue;
    const result: PollResult =
      typeof given === "number" ? { ok: true, rows: [{ labels: { host: "a" }, value: given }] } : given;
    const dueAt = start + n * minute;
    await keepPoll(blobs, "tn_1", entry, { dueAt, intervalMs: minute, result }, dueAt + 300);
  }
  return { blobs, events: kept(blobs, metric) };
}

const range = { from: start, to: start + 60 * minute };
const kept = (blobs: ReturnType<typeof memoryBlobs>, of: MetricTarget) =>
  readHistory(blobs, "tn_1", { ...range, sourceIds: [pollSourceId("rul_1", of)], polls: true });

const backtest = (events: AsyncIterable<MaruEvent>, definition = busy, maxEvents = 1000) =>
  runBacktest({
    ruleId: "rul_1",
    candidate: { version: 2, rule: ruleOf(definition) },
    live: null,
    ...range,
    events,
    routing,
    maxEvents,
  });

const shape = ({ timeline }: Awaited<ReturnType<typeof backtest>>) =>
  timeline.map(({ at, from, to, labels }) => `${at.slice(11, 19)} ${labels.host} ${from}>${to}`);

describe("a backtest of a rule that polls", () => {
  it("replays what its polls measured, at the times that they were due", async () => {
    const { events } = await polls(20, 90, 91, 92, 93, 30);
    const report = await backtest(events);
    expect(shape(report)).toEqual([
      "09:01:00 a normal>pending",
      "09:03:00 a pending>firing",
      "09:05:00 a firing>normal",
    ]);
    expect(report.timeline[1]).toMatchObject({
      decidedAt: "2026-01-05T09:03:00.300Z",
      cause: { by: "samples" },
    });
    expect(report.counts).toMatchObject({ events: 6, fired: 1, resolved: 1 });
    expect(report.notifications.count).toBe(2);
  });

  it("takes polls that failed and polls that are missing as they were taken live", async () => {
    const failure = { ok: false as const, detail: "refused" };
    const definition: typeof busy = { ...busy, forMs: 0, error: { use: "normal" as const, afterMs: 0 } };
    expect(shape(await backtest((await polls(90, failure, 90)).events, definition))).toEqual([
      "09:00:00 a normal>firing",
      "09:01:00 a firing>normal",
      "09:02:00 a normal>firing",
    ]);
    // Nobody polled for ten minutes: a pending alert begins anew.
    const gap = Array.from({ length: 15 }, () => null);
    const { events } = await polls(90, ...gap, 90, 90, 90);
    const patient = { ...busy, forMs: 15 * minute, outageToleranceMs: 0 };
    expect(shape(await backtest(events, patient))).toEqual(["09:00:00 a normal>pending"]);
  });

  it("counts a poll for as many events as it has series", async () => {
    const many: PollResult = {
      ok: true,
      rows: Array.from({ length: 40 }, (_, n) => ({ labels: { host: `h${n}` }, value: 1 })),
    };
    const { events } = await polls(many, many, many, many);
    expect(await backtest(events, busy, 100)).toMatchObject({ truncated: "events", counts: { events: 3 } });
  });

  it("says that nothing is kept of a metric that was never polled", async () => {
    const { blobs } = await polls(90, 90, 90);
    const other = MetricTarget.parse({ ...metric, select: "$.other" });
    const asked = { ...busy, trigger: { kind: "metric" as const, metric: other } };
    const report = await backtest(kept(blobs, other), asked);
    expect(report.counts.events).toBe(0);
    expect(report.problems).toMatchObject([{ code: "nothingPolled" }]);
  });

  it("leaves polls to the rules that made them", async () => {
    const { blobs } = await polls(90);
    const found: MaruEvent[] = [];
    for await (const event of readHistory(blobs, "tn_1", range)) found.push(event);
    expect(found).toEqual([]);
  });
});

it("merges histories by the time of arrival, and closes what it did not read to the end", async () => {
  let closed = 0;
  async function* history(...times: number[]) {
    try {
      for (const time of times) yield eventOf(time);
    } finally {
      closed += 1;
    }
  }
  const times: number[] = [];
  for await (const { time } of mergeArrivals([history(1, 4, 5), history(), history(2, 3, 9)])) {
    times.push(time);
    if (time === 5) break;
  }
  expect(times).toEqual([1, 2, 3, 4, 5]);
  expect(closed).toBe(3);
});

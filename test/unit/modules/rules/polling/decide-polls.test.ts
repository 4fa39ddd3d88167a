import { describe, expect, it } from "vitest";
import { MetricTarget } from "../../../../../contracts/rule-metrics.ts";
import {
  afterAnswer,
  decidePolls,
  newPoll,
  type PollNote,
  type PollState,
} from "../../../../../src/modules/rules/polling/decide-polls.rules.ts";
import {
  dueAtOrBefore,
  paceOf,
  timeoutOf,
} from "../../../../../src/modules/rules/polling/poll-times.rules.ts";

const start = Date.parse("2026-11-21T09:00:00Z");
const intervalMs = 60_000;
const policy = { globalIntervalMs: 10_000, concurrency: 2 };

function poll(name: string, more: object = {}): PollState {
  const url = `https://${name}.example.com/`;
  const metric = MetricTarget.parse({ url, format: "json", intervalMs, ...more });
  return newPoll(
    { id: `${name}.1`, ruleId: `rul_${name}`, lineages: [`rul_${name}.1`], metric },
    start,
    policy,
  );
}
const nameOf = ({ entry }: Pick<PollState, "entry">) => entry.id.split(".")[0];

/** Polls over time: each decision at an instant, answers as they come. */
function clock(...polls: PollState[]) {
  const kept = new Map(polls.map((one) => [one.entry.id, one]));
  return {
    at(now: number) {
      const decided = decidePolls([...kept.values()], policy, now);
      for (const one of decided.changed) kept.set(one.entry.id, one);
      return {
        ask: decided.ask.map(({ pollId, dueAt }) => [pollId.split(".")[0], dueAt] as const),
        failed: decided.failed.map((one) => [nameOf(one), one.dueAt, one.detail] as const),
      };
    },
    answer(name: string, dueAt: number, state: PollNote["state"], now: number, retryAfterMs = 0) {
      const before = kept.get(`${name}.1`);
      const note = {
        dueAt,
        state,
        detail: state === "error" ? "answered 500" : null,
        warnings: [],
        series: 1,
        tookMs: 5,
      };
      const after = before && afterAnswer(before, note, retryAfterMs, policy, now);
      if (after) kept.set(`${name}.1`, after);
      return after !== undefined;
    },
    of: (name: string) => kept.get(`${name}.1`),
  };
}

describe("when metrics are polled", () => {
  it("spreads rules over the interval, the same on every machine", () => {
    const phases = Array.from({ length: 200 }, (_, i) => paceOf(`rul_${i}`, intervalMs, 10_000).phaseMs);
    expect(new Set(phases).size).toBeGreaterThan(190);
    expect(Math.min(...phases)).toBeLessThan(3_000);
    expect(Math.max(...phases)).toBeGreaterThan(57_000);
    expect(paceOf("rul_1", intervalMs, 10_000)).toEqual(paceOf("rul_1", intervalMs, 10_000));
  });

  it("is never more often than the tenant's global interval, which stands in for one that is not named", () => {
    expect(paceOf("rul_1", 10_000, 30_000).intervalMs).toBe(30_000);
    expect(paceOf("rul_1", undefined, 30_000).intervalMs).toBe(30_000);
    expect(paceOf("rul_1", 90_000, 30_000).intervalMs).toBe(90_000);
    expect([timeoutOf(undefined, 10_000), timeoutOf(undefined, 60_000), timeoutOf(500, 60_000)]).toEqual([
      5_000, 10_000, 500,
    ]);
  });

  it("asks at each due time once", () => {
    const time = clock(poll("a"));
    const first = time.of("a")?.nextAt ?? 0;
    expect(first - start).toBeGreaterThan(0);
    expect(first - start).toBeLessThanOrEqual(intervalMs);
    expect(time.at(first - 1)).toEqual({ ask: [], failed: [] });
    expect(time.at(first)).toEqual({ ask: [["a", first]], failed: [] });
    expect(time.at(first + 1)).toEqual({ ask: [], failed: [] });
    expect(time.answer("a", first, "ok", first + 20)).toBe(true);
    expect(time.answer("a", first, "ok", first + 30)).toBe(false);
    expect(time.at(first + intervalMs).ask).toEqual([["a", first + intervalMs]]);
  });

  it("asks for the latest due time only after a stop", () => {
    const one = poll("a");
    const time = clock(one);
    const late = one.nextAt + 10 * intervalMs + 5;
    expect(time.at(late)).toEqual({
      ask: [["a", dueAtOrBefore(paceOf("rul_a", intervalMs, 10_000), late)]],
      failed: [],
    });
  });

  it("asks so many at once and no more; who waited longest comes first", () => {
    const polls = ["a", "b", "c", "d"].map((name) => poll(name));
    const time = clock(...polls);
    const all = Math.max(...polls.map(({ nextAt }) => nextAt));
    const byDue = [...polls].sort((x, y) => x.nextAt - y.nextAt).map(nameOf);
    expect(time.at(all).ask.map(([name]) => name)).toEqual(byDue.slice(0, 2));
    expect(time.at(all + 10).ask).toEqual([]);
    const [first = ""] = byDue;
    time.answer(first, time.of(first)?.askedAt ?? 0, "ok", all + 20);
    expect(time.at(all + 20).ask.map(([name]) => name)).toEqual([byDue[2]]);
  });

  it("never asks the same target twice at once", () => {
    const same = { url: "https://shared.example.com/" };
    const time = clock(poll("a", same), poll("b", same), poll("c"));
    const now = start + intervalMs;
    const asked = time.at(now).ask.map(([name]) => name);
    expect(asked).toHaveLength(2);
    expect(asked).toContain("c");
    const [shared = ""] = asked.filter((name) => name !== "c");
    time.answer(shared, time.of(shared)?.askedAt ?? 0, "ok", now + 5);
    expect(time.at(now + 5).ask.map(([name]) => name)).toEqual([shared === "a" ? "b" : "a"]);
  });

  it("counts a poll that never came back as an error, and one that never got its turn", () => {
    const time = clock(poll("a"));
    const first = time.of("a")?.nextAt ?? 0;
    time.at(first);
    expect(time.at(first + 39_999).failed).toEqual([]);
    expect(time.at(first + 40_000).failed).toEqual([["a", first, expect.stringContaining("lost")]]);
    const same = { url: "https://shared.example.com/", timeoutMs: 30_000 };
    const [one, two] = [poll("a", same), poll("b", same)];
    const blocked = clock(
      {
        ...one,
        askedAt: start,
        until: start + 10 * intervalMs,
        taken: true,
        nextAt: start + 20 * intervalMs,
      },
      two,
    );
    expect(blocked.at(two.nextAt).failed).toEqual([]);
    expect(blocked.at(two.nextAt + intervalMs).failed).toEqual([
      ["b", two.nextAt, expect.stringContaining("did not get its turn")],
    ]);
  });

  it("leaves a failing source alone for longer and longer, while each due time counts as an error", () => {
    const every = 10_000;
    const time = clock(poll("a", { intervalMs: every }));
    const first = time.of("a")?.nextAt ?? 0;
    const happened: string[] = [];
    for (let n = 0; n < 40; n++) {
      const now = first + n * every;
      const { ask, failed } = time.at(now);
      for (const [, dueAt] of ask) time.answer("a", dueAt, "error", now + 50);
      happened.push(ask.length > 0 ? "asked" : `error ${failed.length}`);
      if (failed[0])
        expect(failed[0][2]).toMatch(/^Not asked again before \S+ after \d+ failures?: answered 500$/);
    }
    const quiet = (n: number) => Array.from({ length: n }, () => "error 1");
    const paces = [0, 1, 3, 7, 11, 11].flatMap((n) => ["asked", ...quiet(n)]);
    expect(happened).toEqual([...paces, "asked"]);
  });

  it("waits as long as a source asks for, and forgets all that with the first answer", () => {
    const time = clock(poll("a"));
    const first = time.of("a")?.nextAt ?? 0;
    time.at(first);
    time.answer("a", first, "error", first + 50, 150_000);
    expect(time.at(first + intervalMs)).toMatchObject({
      ask: [],
      failed: [["a", first + intervalMs, expect.any(String)]],
    });
    time.at(first + 2 * intervalMs);
    expect(time.at(first + 3 * intervalMs).ask).toHaveLength(1);
    time.answer("a", first + 3 * intervalMs, "noData", first + 3 * intervalMs + 5);
    expect(time.of("a")).toMatchObject({ failures: 0, backOffUntil: 0, last: { state: "noData" } });
  });
});

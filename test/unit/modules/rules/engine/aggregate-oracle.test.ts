import { describe, expect, it } from "vitest";
import type { MaruEvent } from "../../../../../contracts/events.ts";
import { type Random, seededRandom } from "../../../../../src/kernel/random.ts";
import type { CompiledRule } from "../../../../../src/modules/rules/engine/compile/compiled-rule.ts";
import type { Output } from "../../../../../src/modules/rules/engine/outputs.ts";
import { deliveries } from "../../../../support/rule-script.ts";
import { eventOf, ruleOf, Shard, transitionsOf, windowsOf } from "./rule-bench.ts";

// A second time from all events at once, by definition and without care for speed.

interface Fact {
  readonly at: number;
  readonly v: unknown;
  readonly s: unknown;
}

const whole = (random: Random, below: number) => Math.floor(random() * below);

/** Numbers, and now and then something that is none. */
function randomFacts(random: Random, count: number, from: number, span: number): Fact[] {
  const one = (): Fact => {
    const junk = random();
    return {
      at: from + whole(random, span),
      v: junk < 0.05 ? "junk" : junk < 0.1 ? null : whole(random, 40) - 10,
      s: junk < 0.5 ? `s${whole(random, 4)}` : whole(random, 4),
    };
  };
  return Array.from({ length: count }, one).sort((a, b) => a.at - b.at);
}

function deliver(rule: CompiledRule, facts: readonly Fact[], random: Random, bound: number): Output[] {
  const events: MaruEvent[] = facts.map(({ at, v, s }, i) =>
    eventOf(at, { v, s } as MaruEvent["data"], { id: `f${i}`, sequence: String(i).padStart(6, "0") }),
  );
  const shard = new Shard(rule);
  let now = 0;
  for (const batch of deliveries(events, random, { bound, repeats: 0.2, largest: 20 })) {
    now = batch.now;
    shard.batch(batch.events, now);
  }
  const end = now + 100_000_000;
  for (let rounds = 0; rounds < 500 && shard.wakeAt !== null && shard.wakeAt < end; rounds++)
    shard.batch([], Math.max(shard.wakeAt, now));
  shard.batch([], end);
  return shard.outputs;
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

function rank(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = q * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
  return low + (high - low) * (place - Math.floor(place));
}

/** PromQL's extrapolation, `[start, end]` in milliseconds. */
function changeOf(facts: readonly { at: number; v: number }[], start: number, end: number, counter: boolean) {
  const [first, last] = [facts[0], facts.at(-1)];
  if (first === undefined || last === undefined || facts.length < 2 || last.at === first.at) return null;
  const resets = facts.map(({ v }, i) => {
    const before = facts[i - 1]?.v ?? v;
    return counter && v < before ? before : 0;
  });
  const change = last.v - first.v + sum(resets);
  const length = last.at - first.at;
  const step = length / (facts.length - 1);
  let left = first.at - start < step * 1.1 ? first.at - start : step / 2;
  if (counter && change > 0 && first.v >= 0) left = Math.min(left, (length * first.v) / change);
  const right = end - last.at < step * 1.1 ? end - last.at : step / 2;
  return (change * (length + left + right)) / length;
}

function expected(all: readonly Fact[], start: number, end: number): Record<string, unknown> {
  const inside = all.filter(({ at }) => at >= start && at < end);
  const numbers = inside.filter((fact): fact is Fact & { v: number } => typeof fact.v === "number");
  const values = numbers.map(({ v }) => v);
  const none = values.length === 0;
  const mean = sum(values) / values.length;
  const spread = sum(values.map((v) => (v - mean) ** 2));
  const middle = rank(values, 0.5);
  const increase = changeOf(numbers, start, end, true);
  let smooth: number | null = null;
  numbers.forEach(({ at, v }, i) => {
    const weight = 1 - 2 ** (-(at - (numbers[i - 1]?.at ?? at)) / 30);
    smooth = smooth === null ? v : smooth + weight * (v - smooth);
  });
  return {
    count: inside.length,
    distinct: new Set(inside.map(({ s }) => `${typeof s} ${s}`)).size,
    sum: sum(values),
    avg: none ? null : mean,
    min: none ? null : Math.min(...values),
    max: none ? null : Math.max(...values),
    first: inside[0]?.s ?? null,
    last: inside.at(-1)?.s ?? null,
    stddevPop: none ? null : Math.sqrt(spread / values.length),
    stddevSamp: values.length < 2 ? null : Math.sqrt(spread / (values.length - 1)),
    quantile: none ? null : rank(values, 0.9),
    median: none ? null : middle,
    mad: none
      ? null
      : rank(
          values.map((v) => Math.abs(v - middle)),
          0.5,
        ),
    increase,
    rate: increase === null ? null : increase / ((end - start) / 1000),
    delta: changeOf(numbers, start, end, false),
    topk: none ? null : [...values].sort((a, b) => b - a).slice(0, 3),
    ewma: smooth,
  };
}

const over = { over: "data.v" };
const aggregates = {
  count: { fn: "count" },
  distinct: { fn: "distinct", over: "data.s" },
  sum: { fn: "sum", ...over },
  avg: { fn: "avg", ...over },
  min: { fn: "min", ...over },
  max: { fn: "max", ...over },
  first: { fn: "first", over: "data.s" },
  last: { fn: "last", over: "data.s" },
  stddevPop: { fn: "stddevPop", ...over },
  stddevSamp: { fn: "stddevSamp", ...over },
  quantile: { fn: "quantile", q: 0.9, ...over },
  median: { fn: "median", ...over },
  mad: { fn: "mad", ...over },
  increase: { fn: "increase", ...over },
  rate: { fn: "rate", ...over },
  delta: { fn: "delta", ...over },
  topk: { fn: "topk", k: 3, ...over },
  ewma: { fn: "ewma", halfLifeMs: 30, ...over },
} as const;
const aggregatesAtOnce = 9;

/** Rounded, so that the order of additions does not matter. */
const rounded = (value: unknown): unknown => {
  if (typeof value === "number") return Math.round(value * 1e6) / 1e6 + 0;
  return Array.isArray(value) ? value.map(rounded) : value;
};

function windowRule(
  window: object,
  names: readonly string[],
  bound: number,
  more: object = {},
): CompiledRule {
  const chosen = Object.fromEntries(Object.entries(aggregates).filter(([name]) => names.includes(name)));
  return ruleOf({
    trigger: { kind: "window", window: window as { kind: "tumbling"; sizeMs: number }, aggregates: chosen },
    condition: { kind: "expression", open: "count >= 0.0" },
    outcome: "match",
    dedupeTtlMs: 14 * 86_400_000,
    watermark: { boundMs: bound, idleTimeoutMs: 1_000 },
    ...more,
  });
}

const names = Object.keys(aggregates);
/** Two rules share the aggregates: a rule has at most sixteen. */
const halves = [names.slice(0, aggregatesAtOnce), ["count", ...names.slice(aggregatesAtOnce)]];

describe("aggregates of windows, however events are delayed, repeated and batched", () => {
  it("are those of the definitions", () => {
    const random = seededRandom(41);
    let windows = 0;
    for (let round = 0; round < 60; round++) {
      const size = 20 + whole(random, 80);
      const bound = whole(random, 60);
      const facts = randomFacts(random, 60, 0, 400);
      for (const half of halves) {
        const rule = windowRule({ kind: "tumbling", sizeMs: size }, half, bound);
        const found = windowsOf(deliver(rule, facts, random, bound));
        for (const { start, end, values } of found) {
          const wanted = expected(facts, start, end);
          for (const name of half)
            expect({ round, start, end, name, value: rounded(values[name]) }).toEqual({
              round,
              start,
              end,
              name,
              value: rounded(wanted[name]),
            });
        }
        windows += found.length;
        expect(sum(found.map(({ values }) => Number(values.count)))).toBe(facts.length);
      }
    }
    expect(windows).toBeGreaterThan(500);
  });

  it("over the last n events are those of the definitions at each event", () => {
    const random = seededRandom(42);
    for (let round = 0; round < 30; round++) {
      const size = 1 + whole(random, 12);
      const bound = whole(random, 60);
      const facts = randomFacts(random, 40, 0, 400);
      const chosen = ["count", "sum", "min", "max", "median", "distinct", "first", "last"];
      const rule = windowRule({ kind: "count", size, mode: "sliding" }, chosen, bound, { ordered: true });
      const found = deliver(rule, facts, random, bound).filter((output) => output.kind === "match");
      const wanted = facts.map((_, i) => {
        const last = facts.slice(Math.max(0, i + 1 - size), i + 1);
        const all = expected(last, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
        return chosen.map((name) => rounded(all[name]));
      });
      const values = found.map((match) => chosen.map((name) => rounded(match.values[name])));
      expect({ round, values }).toEqual({ round, values: wanted });
    }
  });

  it("over local days are those of the events that bear the day's date, where clocks change too", () => {
    const random = seededRandom(43);
    const hourMs = 3_600_000;
    for (const [zone, from] of [
      ["America/New_York", Date.UTC(2026, 9, 29)],
      ["America/New_York", Date.UTC(2026, 2, 5)],
      ["Australia/Lord_Howe", Date.UTC(2026, 3, 2)],
      ["Asia/Kolkata", Date.UTC(2026, 0, 1)],
    ] as const) {
      const facts = randomFacts(random, 150, from, 7 * 24 * hourMs);
      const date = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" });
      const days = Map.groupBy(facts, ({ at }) => date.format(at));
      const wanted = [...days.values()].map((day) => {
        const { count, sum: total, distinct } = expected(day, 0, Number.POSITIVE_INFINITY);
        return [count, total, distinct];
      });
      const rule = windowRule({ kind: "calendar", unit: "day", zone }, ["count", "sum", "distinct"], 50);
      const found = windowsOf(deliver(rule, facts, random, 50));
      const values = found.map((window) => [window.values.count, window.values.sum, window.values.distinct]);
      expect({ zone, values }).toEqual({ zone, values: wanted });
    }
  });
});

/** An alert that is looked at in every millisecond. */
class Looked {
  readonly said: string[] = [];
  private status = "normal";
  private activeAt = 0;
  private since = 0;
  private readonly times: { readonly forMs: number; readonly keepFiringMs: number };

  constructor(times: { readonly forMs: number; readonly keepFiringMs: number }) {
    this.times = times;
  }

  look(at: number, opens: boolean, stays: boolean): void {
    const { forMs, keepFiringMs } = this.times;
    const isOpen = this.status === "firing" || this.status === "recovering";
    if (isOpen ? stays : opens) {
      if (this.status === "normal") this.activeAt = at;
      if (this.status === "recovering" || at - this.activeAt >= forMs) this.go(at, "firing");
      else this.go(at, "pending");
    } else if (this.status === "pending") this.go(at, "normal");
    else if (isOpen) {
      if (this.status === "firing") this.since = at;
      this.go(at, at - this.since >= keepFiringMs ? "normal" : "recovering");
    }
  }

  private go(at: number, to: string): void {
    if (to !== this.status) this.said.push(`${at} ${this.status}>${to}`);
    this.status = to;
  }
}

/** Only where it was at the end of each instant. */
function course(said: readonly string[]): string[] {
  const ends = new Map<string, { from: string; to: string }>();
  for (const text of said) {
    const [at = "", move = ""] = text.split(" ");
    const [from = "", to = ""] = move.split(">");
    ends.set(at, { from: ends.get(at)?.from ?? from, to });
  }
  return [...ends]
    .filter(([, { from, to }]) => from !== to)
    .map(([at, { from, to }]) => `${at} ${from}>${to}`);
}

describe("an alert about missing data", () => {
  it("is what looking in every millisecond would give", () => {
    const random = seededRandom(44);
    let moves = 0;
    for (let round = 0; round < 80; round++) {
      const times = { forMs: whole(random, 3) * 7, keepFiringMs: whole(random, 3) * 9 };
      const afterMs = 10 + whole(random, 40);
      const use = round % 2 === 0 ? "alert" : "normal";
      const bound = whole(random, 40);
      const facts = randomFacts(random, 25, 0, 600).map((fact) => ({ ...fact, v: whole(random, 100) }));
      const naive = new Looked(times);
      let last: (Fact & { readonly v: number }) | undefined;
      for (let at = 0; at < 900; at++) {
        const now = facts.filter((fact) => fact.at === at);
        for (const fact of [...now, undefined]) {
          if (fact !== undefined) last = fact;
          if (last === undefined) continue;
          const missing = at - last.at >= afterMs;
          naive.look(at, missing ? use === "alert" : last.v > 60, missing ? use === "alert" : last.v >= 40);
        }
      }
      const rule = ruleOf({
        trigger: { kind: "filter", value: "data.v" },
        condition: {
          kind: "static",
          of: "value",
          open: { op: ">", value: 60 },
          close: { op: "<", value: 40 },
        },
        noData: { use, afterMs },
        ...times,
        ordered: true,
        watermark: { boundMs: bound, idleTimeoutMs: 1_000 },
      });
      const found = course(transitionsOf(deliver(rule, facts, random, bound)));
      expect({ round, use, afterMs, times, found }).toEqual({
        round,
        use,
        afterMs,
        times,
        found: course(naive.said),
      });
      moves += found.length;
    }
    expect(moves).toBeGreaterThan(300);
  });
});

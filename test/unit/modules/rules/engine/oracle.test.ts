import { describe, expect, it } from "vitest";
import type { MaruEvent } from "../../../../../contracts/events.ts";
import { type Random, seededRandom } from "../../../../../src/kernel/random.ts";
import type { CompiledRule } from "../../../../../src/modules/rules/engine/compile/compiled-rule.ts";
import type { Output } from "../../../../../src/modules/rules/engine/outputs.ts";
import { eventOf, ruleOf, Shard, transitionsOf, windowsOf } from "./rule-bench.ts";

// Everything here is worked out a second time from all events at once, by definition and without care for speed.

interface Fact {
  readonly at: number;
  readonly v: number;
}

const whole = (random: Random, below: number) => Math.floor(random() * below);

function randomFacts(random: Random, count: number, span: number): Fact[] {
  const facts = Array.from({ length: count }, () => ({ at: whole(random, span), v: whole(random, 100) }));
  return facts.sort((a, b) => a.at - b.at);
}

function eventsOf(facts: readonly Fact[]): MaruEvent[] {
  return facts.map(({ at, v }, i) =>
    eventOf(at, { v }, { id: `f${i}`, sequence: String(i).padStart(6, "0") }),
  );
}

/** Sends events late by at most `bound`, some of them twice, in batches of any size; then all sources fall silent. */
function deliver(rule: CompiledRule, events: readonly MaruEvent[], random: Random, bound: number): Output[] {
  const shard = new Shard(rule);
  const sent = events
    .flatMap((event) => (random() < 0.2 ? [event, event] : [event]))
    .map((event) => ({ event, arrives: event.time + random() * bound }))
    .sort((a, b) => a.arrives - b.arrives);
  let now = 0;
  for (let from = 0; from < sent.length; ) {
    const size = 1 + whole(random, 7);
    const batch = sent.slice(from, from + size).map(({ event }, i) => ({ ...event, ingestseq: from + i }));
    now = Math.max(now, ...batch.map(({ time }) => time));
    shard.batch(
      batch.map((event) => ({ ...event, ingesttime: now })),
      now,
    );
    from += size;
  }
  for (let rounds = 0; rounds < 200 && shard.wakeAt !== null && shard.wakeAt < 1_000_000; rounds++) {
    shard.batch([], Math.max(shard.wakeAt, now));
  }
  shard.batch([], 1_000_000);
  return shard.outputs;
}

const shown = (outputs: readonly Output[]) =>
  windowsOf(outputs)
    .map(({ start, end, values }) => [start, end, values.n, values.total, values.least, values.middle])
    .sort((a, b) => Number(a[1]) - Number(b[1]) || Number(a[0]) - Number(b[0]));

function summary(start: number, end: number, inside: readonly Fact[]) {
  const values = inside.map(({ v }) => v).sort((a, b) => a - b);
  const half = (values.length - 1) / 2;
  const middle = ((values[Math.floor(half)] ?? 0) + (values[Math.ceil(half)] ?? 0)) / 2;
  return [start, end, values.length, values.reduce((a, b) => a + b, 0), values[0], middle];
}

const aggregates = {
  n: { fn: "count" },
  total: { fn: "sum", over: "data.v" },
  least: { fn: "min", over: "data.v" },
  middle: { fn: "median", over: "data.v" },
} as const;

function windowRule(window: object, bound: number, more: object = {}) {
  return ruleOf({
    trigger: { kind: "window", window: window as { kind: "tumbling"; sizeMs: number }, aggregates },
    condition: { kind: "expression", open: "n < 0.0" },
    watermark: { boundMs: bound, idleTimeoutMs: 1_000 },
    ...more,
  });
}

const rounds = 60;

describe("windows, however events are delayed and repeated", () => {
  it("on a grid hold what the definition says", () => {
    const random = seededRandom(1);
    for (let round = 0; round < rounds; round++) {
      const size = 5 + whole(random, 40);
      const slide = 1 + whole(random, 40);
      const offset = whole(random, slide) - whole(random, slide);
      const bound = whole(random, 60);
      const facts = randomFacts(random, 30, 300);
      const expected: unknown[] = [];
      for (let start = -200; start < 400; start++) {
        if ((((start - offset) % slide) + slide) % slide !== 0) continue;
        const inside = facts.filter(({ at }) => at >= start && at < start + size);
        if (inside.length > 0) expected.push(summary(start, start + size, inside));
      }
      const rule = windowRule({ kind: "sliding", sizeMs: size, slideMs: slide, offsetMs: offset }, bound);
      const found = shown(deliver(rule, eventsOf(facts), random, bound));
      expect({ round, found }).toEqual({ round, found: expected });
    }
  });

  it("of sessions hold what the definition says", () => {
    const random = seededRandom(2);
    for (let round = 0; round < rounds; round++) {
      const gap = 1 + whole(random, 25);
      const bound = whole(random, 60);
      const facts = randomFacts(random, 25, 300);
      const groups: Fact[][] = [];
      for (const fact of facts) {
        const last = groups.at(-1);
        if (last !== undefined && fact.at <= (last.at(-1)?.at ?? 0) + gap) last.push(fact);
        else groups.push([fact]);
      }
      const expected = groups.map((group) =>
        summary(group[0]?.at ?? 0, (group.at(-1)?.at ?? 0) + gap, group),
      );
      // In order: otherwise an event that only touches a session may come just after it ended.
      const found = shown(
        deliver(
          windowRule({ kind: "session", gap }, bound, { ordered: true }),
          eventsOf(facts),
          random,
          bound,
        ),
      );
      expect({ round, found }).toEqual({ round, found: expected });
    }
  });

  it("of a number of events hold what the definition says, in order", () => {
    const random = seededRandom(3);
    for (let round = 0; round < rounds; round++) {
      const size = 1 + whole(random, 6);
      const bound = whole(random, 60);
      const facts = randomFacts(random, 25, 300);
      const expected: unknown[] = [];
      for (let from = 0; from + size <= facts.length; from += size) {
        const inside = facts.slice(from, from + size);
        expected.push(summary(inside[0]?.at ?? 0, inside.at(-1)?.at ?? 0, inside));
      }
      const rule = windowRule({ kind: "count", size }, bound, { ordered: true });
      expect({ round, found: shown(deliver(rule, eventsOf(facts), random, bound)) }).toEqual({
        round,
        found: expected,
      });
    }
  });

  it("corrected by late events end as if nothing had been late", () => {
    const random = seededRandom(4);
    for (let round = 0; round < rounds; round++) {
      const size = 5 + whole(random, 30);
      const facts = randomFacts(random, 30, 300);
      const definition = {
        condition: { kind: "expression", open: "total > 120.0", close: "total < 60.0" },
        trigger: {
          kind: "window",
          window: { kind: "tumbling", sizeMs: size },
          aggregates,
          evaluateEmpty: false,
        },
      };
      const patient = windowRule({}, 500, definition);
      const hasty = windowRule({}, 0, { ...definition, lateness: { policy: "update", allowedMs: 10_000 } });
      const plain = deliver(patient, eventsOf(facts), random, 0);
      const corrected = deliver(hasty, eventsOf(facts), random, 200);
      const last = new Map(windowsOf(corrected).map((window) => [window.end, window]));
      const first = new Map(windowsOf(plain).map((window) => [window.end, window]));
      for (const [end, window] of first) {
        if (window.values.n === 0) continue;
        expect({ round, end, values: last.get(end)?.values }).toEqual({ round, end, values: window.values });
      }
    }
  });
});

/** An alert that is looked at in every single millisecond, with nothing remembered but its own state. */
function naiveAlert(times: { forMs: number; keepFiringMs: number }) {
  let status = "normal";
  let activeAt = 0;
  let since = 0;
  const said: string[] = [];
  const go = (at: number, to: string) => {
    said.push(`${at} ${status}>${to}`);
    status = to;
  };
  const evaluate = (at: number, value: number | undefined, open: number, close: number) => {
    if (value === undefined) return;
    const isOpen = status === "firing" || status === "recovering";
    const holds = isOpen ? value >= close : value > open;
    if (holds) {
      if (status === "normal") {
        activeAt = at;
        if (times.forMs > 0) go(at, "pending");
      }
      if (status === "recovering") go(at, "firing");
      if (status !== "firing" && at - activeAt >= times.forMs) go(at, "firing");
      return;
    }
    if (status === "pending") go(at, "normal");
    if (status === "firing") {
      since = at;
      if (times.keepFiringMs > 0) go(at, "recovering");
      else go(at, "normal");
    }
    if (status === "recovering" && at - since >= times.keepFiringMs) go(at, "normal");
  };
  return { said, evaluate };
}

/** Only where it went: what happens at one instant runs together. */
function course(said: readonly string[]): string[] {
  const steps: { at: string; from: string; to: string }[] = [];
  for (const text of said) {
    const [at = "", move = ""] = text.split(" ");
    const [from = "", to = ""] = move.split(">");
    const last = steps.at(-1);
    if (last?.at === at) last.to = to;
    else steps.push({ at, from, to });
  }
  return steps.filter(({ from, to }) => from !== to).map(({ at, from, to }) => `${at} ${from}>${to}`);
}

describe("alerts, however events are delayed and repeated", () => {
  const condition = {
    kind: "static",
    of: "value",
    open: { op: ">", value: 60 },
    close: { op: "<", value: 40 },
  } as const;

  it("about the latest event are what evaluating all the time would give", () => {
    const random = seededRandom(5);
    let moves = 0;
    for (let round = 0; round < rounds * 2; round++) {
      const times = { forMs: whole(random, 3) * 7, keepFiringMs: whole(random, 3) * 9 };
      const bound = whole(random, 40);
      const facts = randomFacts(random, 40, 400);
      const naive = naiveAlert(times);
      let value: number | undefined;
      for (let at = 0; at < 600; at++) {
        for (const fact of facts.filter((one) => one.at === at)) {
          value = fact.v;
          naive.evaluate(at, value, 60, 40);
        }
        naive.evaluate(at, value, 60, 40);
      }
      const rule = ruleOf({
        trigger: { kind: "filter", value: "data.v" },
        condition,
        ...times,
        ordered: true,
        watermark: { boundMs: bound, idleTimeoutMs: 1_000 },
      });
      const found = course(transitionsOf(deliver(rule, eventsOf(facts), random, bound)));
      expect({ round, found }).toEqual({ round, found: course(naive.said) });
      moves += found.length;
    }
    expect(moves).toBeGreaterThan(500);
  });

  it("about a continuous window are what evaluating all the time would give", () => {
    const random = seededRandom(6);
    let moves = 0;
    for (let round = 0; round < rounds; round++) {
      const times = { forMs: whole(random, 3) * 7, keepFiringMs: whole(random, 3) * 9 };
      const size = 10 + whole(random, 60);
      const bound = whole(random, 40);
      const facts = randomFacts(random, 40, 400);
      const naive = naiveAlert(times);
      const total = (at: number, upTo: number) =>
        facts.reduce(
          (sum, one, i) => (i < upTo && one.at > at - size && one.at <= at ? sum + one.v : sum),
          0,
        );
      let taken = 0;
      for (let at = 0; at < 700; at++) {
        for (const [i, fact] of facts.entries()) {
          if (fact.at !== at) continue;
          taken = i + 1;
          naive.evaluate(at, total(at, taken), 150, 80);
        }
        naive.evaluate(at, total(at, taken), 150, 80);
      }
      const rule = ruleOf({
        trigger: { kind: "window", window: { kind: "continuous", sizeMs: size, exact: true }, aggregates },
        condition: { kind: "expression", open: "total > 150.0", close: "total < 80.0" },
        ...times,
        ordered: true,
        watermark: { boundMs: bound, idleTimeoutMs: 1_000 },
      });
      const found = course(transitionsOf(deliver(rule, eventsOf(facts), random, bound)));
      expect({ round, found }).toEqual({ round, found: course(naive.said) });
      moves += found.length;
    }
    expect(moves).toBeGreaterThan(200);
  });

  it("about windows that end are what evaluating each window would give", () => {
    const random = seededRandom(7);
    for (let round = 0; round < rounds; round++) {
      const times = { forMs: whole(random, 3) * 20, keepFiringMs: whole(random, 3) * 20 };
      const size = 10 + whole(random, 20);
      const bound = whole(random, 40);
      const facts = randomFacts(random, 40, 400);
      const naive = naiveAlert(times);
      const first = Math.floor((facts[0]?.at ?? 0) / size);
      for (let k = first; k < first + 100; k++) {
        const inside = facts.filter(({ at }) => Math.floor(at / size) === k);
        const sum = inside.reduce((all, { v }) => all + v, 0);
        naive.evaluate((k + 1) * size, sum, 100, 60);
      }
      const rule = windowRule({ kind: "tumbling", sizeMs: size }, bound, {
        condition: { kind: "expression", open: "total > 100.0", close: "total < 60.0" },
        ...times,
      });
      const outputs = deliver(rule, eventsOf(facts), random, bound);
      const found = course(
        transitionsOf(outputs).filter((text) => Number(text.split(" ")[0]) <= (first + 100) * size),
      );
      expect({ round, found }).toEqual({ round, found: course(naive.said) });
    }
  });

  it("leave the same effect keys, whatever the order of delivery", () => {
    const random = seededRandom(8);
    for (let round = 0; round < rounds; round++) {
      const facts = randomFacts(random, 40, 400);
      const rule = ruleOf({
        key: ["data.v > 50.0 ? 'a' : 'b'"],
        trigger: { kind: "filter", value: "data.v" },
        condition,
        forMs: 5,
        ordered: true,
        watermark: { boundMs: 50, idleTimeoutMs: 1_000 },
        actions: [
          { id: "call", kind: "http", on: ["firing", "resolved"], settings: { url: "https://x.test/" } },
        ],
      });
      const keys = (bound: number) =>
        deliver(rule, eventsOf(facts), random, bound)
          .filter((output) => output.kind === "effect")
          .map(({ effectKey }) => effectKey)
          .sort();
      const plain = keys(0);
      expect(keys(50)).toEqual(plain);
      expect(new Set(plain).size).toBe(plain.length);
    }
  });
});

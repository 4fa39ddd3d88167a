import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../../src/kernel/random.ts";
import { advance } from "../../../../../src/modules/rules/patterns/advance.ts";
import {
  initialPatternState,
  type PatternState,
} from "../../../../../src/modules/rules/patterns/pattern-state.ts";
import { compiled, ids, run, type Sample, samples } from "./run-pattern.ts";

const event = (name: string, where: string, more: object = {}) => ({
  kind: "event" as const,
  var: name,
  where,
  ...more,
});
const input = (one: Sample) =>
  ({ kind: "event", event: { id: one.id, source: "s", at: one.at, value: one } }) as const;

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.freeze(value);
    for (const member of Object.values(value)) frozen(member);
  }
  return value;
}

describe("the state of a key", () => {
  const failures = compiled({
    steps: [event("fail", "f", { times: 3 }), event("ok", "s")],
    withinMs: 600,
    afterMatch: { strategy: "noSkip" },
  });

  it("is answered itself when an event changes nothing", () => {
    const state = frozen(initialPatternState(failures, 0));
    const [x] = samples("x1");
    const step = x === undefined ? undefined : advance(failures, state, input(x), 0);
    expect(step?.state).toBe(state);
    const [f, y] = samples("f1@5 x2@6");
    if (f === undefined || y === undefined) throw new Error("two events");
    const begun = frozen(advance(failures, state, input(f), 0).state);
    expect(begun).not.toBe(state);
    expect(advance(failures, begun, input(y), 0).state).toBe(begun);
  });

  it("is never changed in place", () => {
    let state: PatternState = frozen(initialPatternState(failures, 0));
    for (const one of samples("f1 f2 x1 f3 f4 s1 f5 s2"))
      state = frozen(advance(failures, state, input(one), 0).state);
    expect(state.partials.length).toBeGreaterThan(0);
  });

  it("goes on under a pattern compiled anew", () => {
    const spec = { steps: [event("a", "a"), event("b", "b>a")], withinMs: 100 };
    const { state } = run(compiled(spec), samples("a1=3 b1=2"));
    const [last] = samples("b2=4@9");
    if (last === undefined) throw new Error("one event");
    expect(advance(compiled(spec), state, input(last), 9).matches.map(ids)).toEqual(["a1 b2"]);
  });

  it("keeps an event once, shares the past of matches, and forgets both when no match holds them", () => {
    const loop = compiled({
      steps: [event("a", "a"), event("b", "b", { contiguity: "followedByAny" }), event("c", "c")],
      withinMs: 50,
      afterMatch: { strategy: "noSkip" },
    });
    const { state } = run(loop, samples("a1 b1 b2 b3"));
    expect(state.events.map((entry) => entry[2])).toEqual(["a1", "b1", "b2", "b3"]);
    expect(state.nodes.length).toBe(4);
    expect(state.nodes.filter((node) => node[3] === 1).length).toBe(3);
    const done = run(loop, [...samples("a1 b1 b2 b3 c1"), 50]).state;
    expect(done).toMatchObject({
      events: [],
      nodes: [],
      partials: [],
      held: [],
      fireAt: null,
      lapseAt: null,
    });
  });

  it("keeps of an event only its names, its time and what was projected", () => {
    const { state } = run(failures, samples("f1=7@3"));
    expect(state.events).toEqual([[1, "s", "f1", 3, 7]]);
    expect(JSON.stringify(state).length).toBeLessThan(200);
  });

  it("says when only memory would be freed", () => {
    expect(run(failures, samples("f1@3")).steps[0]?.timers).toEqual([{ at: 603, kind: "lapse" }]);
    expect(run(failures, samples("x1@3")).steps[0]?.timers).toEqual([]);
  });

  it("holds at most a thousand partial matches, drops the oldest and counts them", () => {
    const flood = compiled({
      steps: [event("a", "a"), event("b", "b>a")],
      afterMatch: { strategy: "noSkip" },
    });
    const events = Array.from({ length: 2_000 }, (_, n) => ({ id: `a${n}`, type: "a", n, at: n }));
    let state = initialPatternState(flood, 0);
    let dropped = 0;
    for (const one of events) {
      const step = advance(flood, state, input(one), one.at);
      state = step.state;
      dropped += step.dropped;
      expect(state.partials.length).toBeLessThanOrEqual(1_000);
    }
    expect(dropped).toBe(1_000);
    expect(state.partials[0]?.[3]).toBe(1_000);
    expect(state.events.length).toBe(1_000);
    expect(JSON.stringify(state).length).toBeLessThan(100_000);
    const end = { id: "b1", type: "b", n: 1_500, at: 6_000 };
    expect(advance(flood, state, input(end), 6_000).matches.length).toBe(500);
  });

  it("stays bounded where combinations explode", () => {
    const bomb = compiled({
      steps: [
        event("a", "a", { times: { min: 1, max: null }, allowCombinations: true }),
        event("b", "b", { contiguity: "followedByAny" }),
      ],
      afterMatch: { strategy: "noSkip" },
      maxPartialMatches: 50,
    });
    const { state, dropped } = run(bomb, samples(Array.from({ length: 40 }, (_, n) => `a${n}`).join(" ")));
    expect(state.partials.length).toBe(50);
    expect(state.nodes.length).toBeLessThan(2_100);
    expect(dropped).toBeGreaterThan(1_000);
  });

  it("gives the same matches whether an event's time or watermarks before it end what is due", () => {
    const pattern = compiled({
      steps: [event("a", "a"), { kind: "absence", var: "none", where: "b", forMs: 7 }, event("c", "c")],
      withinMs: 20,
    });
    const random = seededRandom(5);
    for (let round = 0; round < 200; round += 1) {
      let at = 0;
      const events = Array.from({ length: 12 }, (_, n) => {
        at += Math.floor(random() * 6);
        return { id: `e${n}`, type: "abc"[Math.floor(random() * 3)] ?? "a", n: 0, at };
      });
      const ticks = events.flatMap((one, n) => {
        const before = events[n - 1]?.at ?? 0;
        return [...Array.from({ length: Math.max(0, one.at - before) }, (_, tick) => before + tick), one];
      });
      const plain = run(pattern, events, { watermark: 500 }).matches.map((match) => [
        ids(match),
        match.endAt,
      ]);
      const ticked = run(pattern, ticks, { watermark: 500 }).matches.map((match) => [
        ids(match),
        match.endAt,
      ]);
      expect(ticked).toEqual(plain);
    }
  });
});

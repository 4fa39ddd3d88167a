import { describe, expect, it } from "vitest";
import { compiled, found, ids, run, samples } from "./run-pattern.ts";

const noSkip = { strategy: "noSkip" } as const;
const event = (name: string, where: string, more: object = {}) => ({
  kind: "event" as const,
  var: name,
  where,
  ...more,
});
const never = (where: string, more: object = {}) => ({
  kind: "not" as const,
  var: `not_${where}`,
  where,
  contiguity: "notFollowedBy" as const,
  ...more,
});
const absent = (where: string, forMs: number, more: object = {}) => ({
  kind: "absence" as const,
  var: "gone",
  where,
  forMs,
  ...more,
});

describe("within", () => {
  it("leaves out an event exactly that long after the first", () => {
    const spec = { steps: [event("x", "a"), event("y", "b")], withinMs: 10 };
    expect(found(spec, "a1@0 b1@9")).toEqual(["a1 b1"]);
    expect(found(spec, "a1@0 b1@10")).toEqual([]);
  });

  it("counts from the event before where it stands on a step", () => {
    const spec = { steps: [event("x", "a"), event("y", "b"), event("z", "c", { withinMs: 10 })] };
    expect(found(spec, "a1@0 b1@50 c1@59")).toEqual(["a1 b1 c1"]);
    expect(found(spec, "a1@0 b1@50 c1@60")).toEqual([]);
  });

  it("tells partial matches that ran out of time, when asked", () => {
    const spec = {
      steps: [
        event("s", "s"),
        event("m", "m", { contiguity: "followedByAny" as const }),
        event("e", "e", { contiguity: "followedByAny" as const }),
      ],
      withinMs: 10,
      afterMatch: noSkip,
      timeouts: true,
    };
    const { matches, timeouts } = run(compiled(spec), samples("s1@1 s2@2 m1@3 x1@4 e1@11 e2@13"));
    expect(matches.map(ids)).toEqual(["s2 m1 e1"]);
    expect(timeouts.map((timeout) => [ids(timeout), timeout.startAt, timeout.endAt]).sort()).toEqual(
      [
        ["s1 m1", 1, 11],
        ["s1", 1, 11],
        ["s2 m1", 2, 12],
        ["s2", 2, 12],
      ].sort(),
    );
  });

  it("tells of a gap between neighbours with the instant at which it became too long", () => {
    const spec = {
      steps: [
        event("s", "s"),
        event("m", "m", { contiguity: "followedByAny" as const }),
        event("e", "e", { contiguity: "followedByAny" as const, withinMs: 10 }),
      ],
      afterMatch: noSkip,
      timeouts: true,
    };
    const { matches, timeouts } = run(compiled(spec), samples("s1@1 s2@2 m1@3 x1@4 e1@11 e2@13"));
    expect(matches.map(ids)).toEqual(["s1 m1 e1", "s2 m1 e1"]);
    expect(timeouts.map((timeout) => [ids(timeout), timeout.endAt])).toEqual([
      ["s1 m1", 13],
      ["s2 m1", 13],
    ]);
  });
});

describe("notFollowedBy as the last step", () => {
  const spec = { steps: [event("x", "a"), never("b")], withinMs: 10, afterMatch: noSkip };

  it("matches when the watermark reaches the first event's time plus within", () => {
    const { steps, matches } = run(compiled(spec), [...samples("a1@5"), 14, 15]);
    expect(steps.map((step) => step.matches.length)).toEqual([0, 0, 1]);
    expect(steps[0]?.timers).toEqual([{ at: 15, kind: "fire" }]);
    expect(matches[0]).toMatchObject({ startAt: 5, endAt: 15 });
    expect(matches[0]?.matchIdInputs).toEqual(['["s","a1"]', "@15"]);
  });

  it("is ended by the event inside and not by one exactly at the end", () => {
    expect(found(spec, "a1@0 b1@9 c1@30")).toEqual([]);
    expect(found(spec, "a1@0 b1@10")).toEqual(["a1"]);
  });

  it("counts from the event before with a time of its own", () => {
    const own = { steps: [event("x", "a"), event("y", "c"), never("b", { withinMs: 10 })] };
    expect(found(own, "a1@0 c1@50", 59)).toEqual([]);
    expect(found(own, "a1@0 c1@50", 60)).toEqual(["a1 c1"]);
    expect(found(own, "a1@0 c1@50 b1@59", 99)).toEqual([]);
  });

  it("takes the repetition before it as far as it went", () => {
    const loop = {
      steps: [event("x", "a", { times: { min: 2, max: null } }), never("b")],
      withinMs: 10,
    };
    expect(found(loop, "a1@0 a2@1 a3@2", 10)).toEqual(["a1 a2 a3"]);
  });
});

describe("absence for a time", () => {
  const after = { steps: [event("x", "a"), absent("b", 10)], afterMatch: noSkip };

  it("after an event matches once the time has passed without the other", () => {
    expect(found(after, "a1@0", 9)).toEqual([]);
    expect(found(after, "a1@0", 10)).toEqual(["a1"]);
    expect(found(after, "a1@0 b1@10")).toEqual(["a1"]);
    expect(found(after, "a1@0 b1@9", 99)).toEqual([]);
  });

  it("reads the earlier events in what must be absent", () => {
    const bigger = { steps: [event("x", "a"), absent("b>x", 10)], afterMatch: noSkip };
    expect(found(bigger, "a1=5@0 b1=4@3", 10)).toEqual(["a1"]);
    expect(found(bigger, "a1=5@0 b1=6@3", 10)).toEqual([]);
  });

  it("must be over before the next step is taken", () => {
    const spec = { steps: [event("x", "a"), absent("b", 10), event("z", "c")], afterMatch: noSkip };
    expect(found(spec, "a1@0 c1@11")).toEqual(["a1 c1"]);
    expect(found(spec, "a1@0 c1@5 c2@12")).toEqual(["a1 c2"]);
    expect(found(spec, "a1@0 b1@5 c1@20")).toEqual([]);
    expect(found(spec, "a1@0 b1@12 c1@20")).toEqual(["a1 c1"]);
  });

  it("as the first step counts from when the key was first seen, and again from each such event", () => {
    const spec = { steps: [absent("a", 10), event("y", "b")], every: "once" as const, afterMatch: noSkip };
    expect(found(spec, "b1@11")).toEqual(["b1"]);
    expect(found(spec, "b1@5")).toEqual([]);
    expect(found(spec, "a1@1 b1@5")).toEqual([]);
    expect(found(spec, "a1@1 b1@25")).toEqual(["b1"]);
    expect(found(spec, "a1@5 b1@14")).toEqual([]);
  });

  it("tells a silent key once, and again after it has spoken and fallen silent", () => {
    const spec = { steps: [absent("h", 10)] };
    const { matches } = run(compiled(spec), [...samples("h1@0 h2@8"), 50, ...samples("h3@60 h4@65"), 200]);
    expect(matches.map((match) => match.endAt)).toEqual([18, 75]);
    expect(matches[0]).toMatchObject({ vars: {}, startAt: 18, matchIdInputs: ["@18"] });
  });

  it("tells it each time that the time has passed when it opens again", () => {
    const { matches } = run(compiled({ steps: [absent("h", 10, { every: true })] }), [
      ...samples("h1@3"),
      36,
    ]);
    expect(matches.map((match) => match.endAt)).toEqual([13, 23, 33]);
    const mid = {
      steps: [event("x", "a"), absent("b", 10, { every: true })],
      every: "once" as const,
      afterMatch: noSkip,
    };
    expect(found(mid, "a1@0", 32)).toEqual(["a1", "a1", "a1"]);
    expect(found(mid, "a1@0 b1@21", 99)).toEqual(["a1", "a1"]);
    expect(found({ ...mid, withinMs: 25 }, "a1@0", 99)).toEqual(["a1", "a1"]);
  });

  it("lets each silence that has passed make a match of its own with the next step", () => {
    const spec = {
      steps: [absent("a", 10, { every: true }), event("y", "b")],
      every: "once" as const,
      afterMatch: noSkip,
    };
    expect(found(spec, "b1@21")).toEqual(["b1", "b1"]);
  });

  it("follows a repetition that may still go on", () => {
    const spec = {
      steps: [event("x", "f", { times: { min: 2, max: null } }), absent("s", 10)],
      afterMatch: noSkip,
    };
    expect(found(spec, "f1@0 f2@5", 15)).toEqual(["f1 f2"]);
    expect(found(spec, "f1@0 f2@5 s1@9", 99)).toEqual([]);
    expect(found({ ...spec, afterMatch: { strategy: "skipPastLast" } }, "f1@0 f2@5 f3@9", 99)).toEqual([
      "f1 f2",
    ]);
  });

  it("handles at most a thousand instants one by one and counts the rest as dropped", () => {
    const spec = compiled({ steps: [absent("h", 10, { every: true })] });
    const { matches, dropped, state } = run(spec, [...samples("h1@0"), 1_000_000]);
    expect(matches.length).toBe(1_001);
    expect(matches.length + dropped).toBe(100_000);
    expect(state.fireAt).toBe(1_000_010);
  });
});

describe("and, or", () => {
  const side = (name: string, where: string) => ({ kind: "event" as const, var: name, where });
  const gone = (where: string, forMs?: number) => ({
    kind: "absence" as const,
    var: `no_${where}`,
    where,
    ...(forMs === undefined ? {} : { forMs }),
  });
  const logical = (kind: "and" | "or", ...sides: [object, object]) => ({
    steps: [event("s", "s"), { kind, sides } as never],
    every: "once" as const,
    afterMatch: noSkip,
  });

  it("and takes both sides in any order, from one event when it fits both", () => {
    expect(found(logical("and", side("x", "a"), side("y", "b")), "s1 b1 z1 a1")).toEqual(["s1 b1 a1"]);
    expect(found(logical("and", side("x", "ab"), side("y", "b")), "s1 b1")).toEqual(["s1 b1 b1"]);
    expect(found(logical("and", side("x", "a"), side("y", "b")), "s1 a1 a2")).toEqual([]);
  });

  it("or takes the first side that an event fits", () => {
    const spec = logical("or", side("x", "ab"), side("y", "bc"));
    expect(found(spec, "s1 c1 a1")).toEqual(["s1 c1"]);
    const { matches } = run(compiled(spec), samples("s1 b1"));
    expect(Object.keys(matches[0]?.vars ?? {})).toEqual(["s", "x"]);
  });

  it("and with an absence for a time waits for both", () => {
    const spec = logical("and", side("x", "a"), gone("b", 10));
    expect(found(spec, "s1@0 a1@3", 9)).toEqual([]);
    expect(found(spec, "s1@0 a1@3", 10)).toEqual(["s1 a1"]);
    expect(found(spec, "s1@0 a1@15")).toEqual(["s1 a1"]);
    expect(found(spec, "s1@0 a1@3 b1@9", 99)).toEqual([]);
    expect(found(spec, "s1@0 b1@3 a1@15", 99)).toEqual([]);
  });

  it("and with an absence without a time needs it only until the other side comes", () => {
    const spec = logical("and", side("x", "a"), gone("b"));
    expect(found(spec, "s1 z1 a1 b1")).toEqual(["s1 a1"]);
    expect(found(spec, "s1 b1 a1")).toEqual([]);
  });

  it("or with an absence for a time takes whichever comes first", () => {
    const spec = logical("or", side("x", "a"), gone("b", 10));
    expect(found(spec, "s1@0 a1@3", 99)).toEqual(["s1 a1"]);
    expect(found(spec, "s1@0", 10)).toEqual(["s1"]);
    expect(found(spec, "s1@0 b1@5 a1@20")).toEqual(["s1 a1"]);
    expect(found(spec, "s1@0 b1@5", 99)).toEqual([]);
  });

  it("two absences end with the longer one under and, with the shorter one under or", () => {
    const ends = (kind: "and" | "or", text: string) =>
      run(compiled(logical(kind, gone("a", 10), gone("b", 20))), samples(text), {
        watermark: 99,
      }).matches.map((match) => match.endAt);
    expect(ends("and", "s1@0")).toEqual([20]);
    expect(ends("or", "s1@0")).toEqual([10]);
    expect(ends("and", "s1@0 a1@5")).toEqual([]);
    expect(ends("or", "s1@0 a1@5")).toEqual([20]);
    expect(ends("or", "s1@0 a1@5 b1@6")).toEqual([]);
  });

  it("begins with an absence that is judged from the beginning of the key", () => {
    const spec = (every: "once" | "event") => ({
      steps: [{ kind: "and" as const, sides: [gone("b"), side("x", "a")] as never }],
      every,
    });
    expect(found(spec("once"), "a1 a2")).toEqual(["a1"]);
    expect(found(spec("once"), "b1 a1")).toEqual([]);
    expect(found(spec("event"), "b1 a1 a2")).toEqual(["a1", "a2"]);
  });

  it("opens again when it is complete", () => {
    const spec = {
      steps: [
        { kind: "and" as const, sides: [side("x", "a"), side("y", "b")] as never, every: true },
        event("z", "c"),
      ],
      every: "once" as const,
      afterMatch: noSkip,
    };
    expect(found(spec, "a1 b1 a2 b2 c1")).toEqual(["a1 b1 c1", "a2 b2 c1"]);
  });
});

import { describe, expect, it } from "vitest";
import { found } from "./run-pattern.ts";

const noSkip = { strategy: "noSkip" } as const;
const event = (name: string, where: string, more: object = {}) => ({
  kind: "event" as const,
  var: name,
  where,
  ...more,
});
const not = (where: string, contiguity: "notNext" | "notFollowedBy", more: object = {}) => ({
  kind: "not" as const,
  var: `not_${where}`,
  where,
  contiguity,
  ...more,
});

describe("contiguity between two steps", () => {
  const steps = (contiguity: string) => ({
    steps: [event("x", "a"), event("y", "b", { contiguity })],
    afterMatch: noSkip,
  });

  it("next takes only the very next event", () => {
    expect(found(steps("next"), "a1 b1 b2")).toEqual(["a1 b1"]);
    expect(found(steps("next"), "a1 c1 b1")).toEqual([]);
    expect(found(steps("next"), "a1 a2 b1")).toEqual(["a2 b1"]);
  });

  it("followedBy passes what doesn't match and takes the first that does", () => {
    expect(found(steps("followedBy"), "a1 c1 b1 b2")).toEqual(["a1 b1"]);
    expect(found(steps("followedBy"), "a1 a2 b1")).toEqual(["a1 b1", "a2 b1"]);
  });

  it("followedByAny makes a match with each event that fits", () => {
    expect(found(steps("followedByAny"), "a1 c1 b1 b2")).toEqual(["a1 b1", "a1 b2"]);
  });

  it("lets one event end one match and begin another", () => {
    const spec = { steps: [event("x", "ab"), event("y", "bc", { contiguity: "next" })], afterMatch: noSkip };
    expect(found(spec, "a1 b1 c1")).toEqual(["a1 b1", "b1 c1"]);
  });

  it("reads the events taken before in a later condition, and takes nothing where that is unknown", () => {
    const rising = { steps: [event("x", "a"), event("y", "b>x")], afterMatch: noSkip };
    expect(found(rising, "a1=5 b1=4 b2=6")).toEqual(["a1 b2"]);
    expect(
      found({ steps: [event("x", "a"), event("y", "b>nobody")], afterMatch: noSkip }, "a1 b1=9"),
    ).toEqual([]);
  });
});

describe("names of variables", () => {
  it("may be those of built-in members", () => {
    const spec = { steps: [event("constructor", "a", { times: 2 }), event("toString", "b>constructor")] };
    expect(found(spec, "a1=1 a2=1 b1=2")).toEqual(["a1 a2 b1"]);
  });
});

describe("repetition", () => {
  const loop = (more: object, contiguity = "followedBy") => ({
    steps: [event("s", "c"), event("m", "a", { contiguity, ...more }), event("e", "b")],
    afterMatch: noSkip,
  });
  const stream = "c1 a1 x1 a2 a3 b1";

  it("oneOrMore passes other events between repetitions and matches with every count", () => {
    expect(found(loop({ times: { min: 1, max: null } }), stream).sort()).toEqual([
      "c1 a1 a2 a3 b1",
      "c1 a1 a2 b1",
      "c1 a1 b1",
    ]);
  });

  it("oneOrMore after followedByAny also begins at later events", () => {
    expect(found(loop({ times: { min: 1, max: null } }, "followedByAny"), stream).sort()).toEqual([
      "c1 a1 a2 a3 b1",
      "c1 a1 a2 b1",
      "c1 a1 b1",
      "c1 a2 a3 b1",
      "c1 a2 b1",
      "c1 a3 b1",
    ]);
  });

  it("allowCombinations leaves matching events out as well", () => {
    expect(found(loop({ times: { min: 1, max: null }, allowCombinations: true }), stream).sort()).toEqual([
      "c1 a1 a2 a3 b1",
      "c1 a1 a2 b1",
      "c1 a1 a3 b1",
      "c1 a1 b1",
    ]);
  });

  it("consecutive ends at the first event between repetitions", () => {
    const spec = loop({ times: { min: 2, max: null }, consecutive: true }, "followedByAny");
    expect(found(spec, stream)).toEqual(["c1 a2 a3 b1"]);
  });

  it("times(n) and times(m,n) take that many", () => {
    expect(found(loop({ times: 2 }), stream)).toEqual(["c1 a1 a2 b1"]);
    expect(found(loop({ times: { min: 2, max: 3 } }), stream).sort()).toEqual([
      "c1 a1 a2 a3 b1",
      "c1 a1 a2 b1",
    ]);
    expect(found(loop({ times: 4 }), stream)).toEqual([]);
  });

  it("optional matches with and without the step", () => {
    expect(found(loop({ optional: true }), "c1 a1 b1").sort()).toEqual(["c1 a1 b1", "c1 b1"]);
    expect(found(loop({ times: { min: 2, max: null }, optional: true }), "c1 a1 b1")).toEqual(["c1 b1"]);
  });

  it("greedy keeps only the longest repetition", () => {
    expect(found(loop({ times: { min: 1, max: null }, greedy: true }), stream)).toEqual(["c1 a1 a2 a3 b1"]);
    expect(found(loop({ times: { min: 1, max: null }, greedy: true, optional: true }), stream)).toEqual([
      "c1 a1 a2 a3 b1",
    ]);
    expect(found(loop({ times: { min: 1, max: 2 }, greedy: true }), stream)).toEqual(["c1 a1 a2 b1"]);
  });

  it("until ends the repetition, and the event that ends it isn't taken", () => {
    const spec = loop({ times: { min: 1, max: null }, until: "x", greedy: true });
    expect(found(spec, stream)).toEqual(["c1 a1 b1"]);
  });

  it("ends with each further event when a repetition is last", () => {
    const spec = {
      steps: [event("s", "c"), event("m", "a", { times: { min: 1, max: null } })],
      afterMatch: noSkip,
    };
    expect(found(spec, "c1 a1 a2")).toEqual(["c1 a1", "c1 a1 a2"]);
  });

  it("times from one repetition to the next stay below their own limit", () => {
    const spec = loop({ times: { min: 2, max: 2, withinMs: 10 } });
    expect(found(spec, "c1@0 a1@50 a2@59 b1@90")).toEqual(["c1 a1 a2 b1"]);
    expect(found(spec, "c1@0 a1@50 a2@60 b1@90")).toEqual([]);
  });
});

describe("groups", () => {
  const pair = (more: object) => ({
    steps: [
      event("s", "s"),
      {
        kind: "group" as const,
        var: "g",
        contiguity: "followedBy" as const,
        steps: [event("x", "a"), event("y", "b")],
        ...more,
      },
      event("e", "e"),
    ],
    afterMatch: noSkip,
  });

  it("repeats its steps together", () => {
    expect(found(pair({ times: 2 }), "s1 a1 b1 z1 a2 b2 e1")).toEqual(["s1 a1 a2 b1 b2 e1"]);
    expect(found(pair({ times: 2 }), "s1 a1 b1 a2 e1")).toEqual([]);
    expect(found(pair({ times: { min: 1, max: null } }), "s1 a1 b1 a2 b2 e1").length).toBe(2);
    expect(found(pair({ times: 2, consecutive: true }), "s1 a1 b1 z1 a2 b2 e1")).toEqual([]);
  });

  it("is left out whole when optional", () => {
    expect(found(pair({ optional: true }), "s1 a1 e1")).toEqual(["s1 e1"]);
    expect(found(pair({ optional: true }), "s1 a1 b1 e1").sort()).toEqual(["s1 a1 b1 e1", "s1 e1"]);
  });

  it("opens again after it is complete, with the same past", () => {
    const spec = {
      steps: [pair({ every: true }).steps[1], event("e", "e")],
      every: "once",
      afterMatch: noSkip,
    };
    expect(found(spec as Parameters<typeof found>[0], "a1 b1 a2 b2 e1")).toEqual(["a1 b1 e1", "a2 b2 e1"]);
    const after = { ...pair({ every: true }), every: "once" as const };
    expect(found(after, "s1 a1 b1 a2 b2 e1")).toEqual(["s1 a1 b1 e1", "s1 a2 b2 e1"]);
  });
});

describe("negated steps", () => {
  it("notNext looks at the very next event alone", () => {
    const spec = { steps: [event("x", "a"), not("b", "notNext"), event("y", "c")], afterMatch: noSkip };
    expect(found(spec, "a1 d1 b1 c1")).toEqual(["a1 c1"]);
    expect(found(spec, "a1 b1 c1")).toEqual([]);
    expect(found(spec, "a1 c1")).toEqual(["a1 c1"]);
  });

  it("notNext at the end waits for one more event", () => {
    const spec = { steps: [event("x", "a"), not("b", "notNext")], afterMatch: noSkip };
    expect(found(spec, "a1")).toEqual([]);
    expect(found(spec, "a1 c1")).toEqual(["a1"]);
    expect(found(spec, "a1 b1 c1")).toEqual([]);
  });

  it("notFollowedBy forbids the event until the next step is taken", () => {
    const spec = { steps: [event("x", "a"), not("b", "notFollowedBy"), event("y", "c")], afterMatch: noSkip };
    expect(found(spec, "a1 d1 c1 b1")).toEqual(["a1 c1"]);
    expect(found(spec, "a1 d1 b1 c1")).toEqual([]);
    expect(found(spec, "a1 b1 a2 c1")).toEqual(["a2 c1"]);
  });

  it("notFollowedBy holds across an optional step until that takes something", () => {
    const spec = {
      steps: [
        event("x", "a"),
        not("b", "notFollowedBy"),
        event("y", "c", { optional: true }),
        event("z", "d"),
      ],
      afterMatch: noSkip,
    };
    expect(found(spec, "a1 c1 b1 d1")).toEqual(["a1 c1 d1"]);
    expect(found(spec, "a1 b1 c1 d1")).toEqual([]);
  });

  it("what may not follow a repetition may not stand between its events either", () => {
    const steps = [
      event("x", "a"),
      event("y", "b", { times: { min: 1, max: null }, contiguity: "followedByAny" }),
    ];
    const spec = { steps: [...steps, not("c", "notFollowedBy"), event("z", "d")], afterMatch: noSkip };
    expect(found(spec, "a1 b1 c1 b2 d1")).toEqual(["a1 b2 d1"]);
  });

  it("an event that the next step takes isn't forbidden between", () => {
    const spec = {
      steps: [event("x", "a"), not("bc", "notFollowedBy"), event("y", "c")],
      afterMatch: noSkip,
    };
    expect(found(spec, "a1 c1")).toEqual(["a1 c1"]);
    expect(found(spec, "a1 b1 c1")).toEqual([]);
  });
});

describe("where a match may begin", () => {
  const steps = [event("x", "a"), event("y", "b")];

  it("at any event, only when none is under way, or once", () => {
    const stream = "a1 a2 b1 a3 b2";
    expect(found({ steps, afterMatch: noSkip, every: "event" }, stream)).toEqual(["a1 b1", "a2 b1", "a3 b2"]);
    expect(found({ steps, afterMatch: noSkip, every: "match" }, stream)).toEqual(["a1 b1", "a3 b2"]);
    expect(found({ steps, afterMatch: noSkip, every: "once" }, stream)).toEqual(["a1 b1"]);
  });

  it("begins anew after the one under way ran out of time", () => {
    expect(found({ steps, withinMs: 5, every: "match" }, "a1@0 a2@6 b1@8")).toEqual(["a2 b1"]);
    expect(found({ steps, withinMs: 5, every: "once" }, "a1@0 a2@6 b1@8")).toEqual([]);
  });

  it("a step that opens again goes on with the same past", () => {
    const open = { steps: [event("x", "a"), event("y", "b", { every: true })], every: "once" as const };
    expect(found({ ...open, afterMatch: noSkip }, "a1 b1 b2 b3")).toEqual(["a1 b1", "a1 b2", "a1 b3"]);
  });
});

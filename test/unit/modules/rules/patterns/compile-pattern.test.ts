import { describe, expect, it } from "vitest";
import { PatternSpec } from "../../../../../contracts/rule-patterns.ts";
import { AppError, problem } from "../../../../../src/kernel/problem.ts";
import { compilePattern } from "../../../../../src/modules/rules/patterns/compile-pattern.ts";
import type { ConditionPlace } from "../../../../../src/modules/rules/patterns/condition.ts";
import { conditionOf } from "./run-pattern.ts";

type Input = Parameters<typeof PatternSpec.parse>[0];
const a = { kind: "event", var: "a", where: "a" } as const;
const b = { kind: "event", var: "b", where: "b" } as const;
const not = (contiguity: "notNext" | "notFollowedBy", more: object = {}) =>
  ({ kind: "not", var: "n", where: "x", contiguity, ...more }) as const;
const absence = { kind: "absence", var: "gone", where: "x", forMs: 1_000 } as const;

function errorsOf(spec: Input): string[] {
  try {
    compilePattern(PatternSpec.parse(spec), { conditionOf });
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.failure).toMatchObject({ kind: "invalid_input" });
    return (error.failure.errors ?? []).map((one) => `${one.pointer} ${one.code}`);
  }
}

const warningsOf = (spec: Input) =>
  compilePattern(PatternSpec.parse(spec), { conditionOf }).warnings.map(
    (one) => `${one.pointer} ${one.code}`,
  );

describe("what a pattern may not be", () => {
  it.each<[string, Input, string]>([
    ["begins with a negated step", { steps: [not("notNext"), a] }, "/steps/0/contiguity starts_with_not"],
    [
      "may begin with a negated step, because what is before is optional",
      { steps: [{ ...a, optional: true }, not("notFollowedBy"), b] },
      "/steps/1/contiguity starts_with_not",
    ],
    [
      "has a group that begins with a negated step",
      { steps: [a, { kind: "group", var: "g", steps: [not("notNext"), b], times: 2 }] as never },
      "/steps/1/steps/0/contiguity starts_with_not",
    ],
    [
      "ends with notFollowedBy without a time",
      { steps: [a, not("notFollowedBy")] },
      "/steps/1/withinMs no_end",
    ],
    [
      "gives a time to a negated step in the middle",
      { steps: [a, not("notFollowedBy", { withinMs: 5 }), b] },
      "/steps/1/withinMs not_last",
    ],
    [
      "puts a negated step before an absence",
      { steps: [a, not("notNext"), absence] },
      "/steps/1 not_before_absence",
    ],
    ["uses a variable twice", { steps: [a, { ...b, var: "a" }] }, "/steps/1/var duplicate_var"],
    [
      "skips to a variable that takes nothing",
      { steps: [a, not("notFollowedBy"), b], afterMatch: { strategy: "skipToLast", var: "n" } },
      "/afterMatch/var unknown_var",
    ],
    [
      "turns times around",
      { steps: [{ ...a, times: { min: 3, max: 2 } }] },
      "/steps/0/times/max times_reversed",
    ],
    [
      "is consecutive without repeating",
      { steps: [{ ...a, consecutive: true }] },
      "/steps/0/consecutive not_repeated",
    ],
    [
      "is consecutive and combines",
      { steps: [{ ...a, times: 2, consecutive: true, allowCombinations: true }] },
      "/steps/0/consecutive contradiction",
    ],
    [
      "has until without a range",
      { steps: [{ ...a, times: 2, until: "x" }] },
      "/steps/0/until until_without_loop",
    ],
    [
      "has a gap longer than the whole",
      { steps: [a, { ...b, withinMs: 20 }], withinMs: 10 },
      "/steps/1/withinMs longer_than_pattern",
    ],
    [
      "waits longer for an absence than the whole may last",
      { steps: [a, absence], withinMs: 1_000 },
      "/steps/1/forMs longer_than_pattern",
    ],
    [
      "has an absence after nothing but optional steps",
      { steps: [{ ...a, optional: true }, absence] },
      "/steps/1 optional_before_absence",
    ],
    [
      "has or with an absence without a time",
      { steps: [{ kind: "or", sides: [a, { kind: "absence", var: "n", where: "x" }] }] },
      "/steps/0/sides/1/forMs no_end",
    ],
    [
      "opens an optional step again",
      { steps: [{ ...a, optional: true, every: true }, b] },
      "/steps/0/every every_repeats",
    ],
    [
      "opens a group again that has no fixed end",
      {
        steps: [
          {
            kind: "group",
            var: "g",
            every: true,
            steps: [a, { ...b, times: { min: 1, max: null } }],
          } as never,
          { kind: "event", var: "c", where: "c" },
        ],
      },
      "/steps/0/every every_open_end",
    ],
    [
      "repeats into too many stages",
      {
        steps: [
          {
            kind: "group",
            var: "g",
            times: 100,
            steps: [{ kind: "event", var: "x", where: "a", times: 1_000 }],
          } as never,
        ],
      },
      "/steps too_large",
    ],
  ])("%s", (_, spec, wanted) => {
    expect(errorsOf(spec)).toContain(wanted);
  });

  it("names every error at once", () => {
    expect(
      errorsOf({ steps: [not("notNext"), { ...a, consecutive: true }, not("notFollowedBy")] }).length,
    ).toBe(4);
  });

  it("hands on what is wrong with a condition, with its place and the variables it may read", () => {
    const places: ConditionPlace[] = [];
    const spec = PatternSpec.parse({ steps: [a, { ...b, until: "nope", times: { min: 1, max: null } }] });
    const compile = () =>
      compilePattern(spec, {
        conditionOf: (source, place) => {
          places.push(place);
          if (source === "nope") throw problem("invalid_input", "rules.condition_invalid", "No such thing.");
          return conditionOf(source);
        },
      });
    expect(compile).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({
          code: "rules.pattern_invalid",
          errors: [{ pointer: "/steps/1/until", code: "rules.condition_invalid", message: "No such thing." }],
        }),
      }),
    );
    expect(places.map((place) => [place.pointer, place.vars.length])).toEqual([
      ["/steps/0/where", 1],
      ["/steps/1/where", 2],
      ["/steps/1/until", 2],
    ]);
  });
});

describe("what a pattern is warned of", () => {
  const loop = { ...a, times: { min: 1, max: null } };

  it("a repetition that nothing ends", () => {
    expect(warningsOf({ steps: [loop, b] })).toContain("/steps/0/times unbounded");
    expect(warningsOf({ steps: [loop, b], withinMs: 1_000 })).toEqual([]);
    expect(warningsOf({ steps: [{ ...loop, until: "x" }, b], emit: "atOnce" })).toEqual([]);
  });

  it("a match that may wait without end", () => {
    expect(warningsOf({ steps: [a, { ...b, optional: true }, { kind: "event", var: "c" }] })).toEqual([
      "/emit may_wait",
    ]);
  });

  it("greedy where it changes nothing", () => {
    expect(warningsOf({ steps: [{ ...a, times: 2, greedy: true }, b] })).toContain(
      "/steps/0/greedy greedy_without_effect",
    );
    expect(warningsOf({ steps: [b, { ...loop, greedy: true }], withinMs: 9 })).toContain(
      "/steps/1/greedy greedy_without_effect",
    );
  });

  it("a pattern in which nothing must happen", () => {
    expect(warningsOf({ steps: [{ ...a, optional: true }], withinMs: 9 })).toEqual(["/steps all_optional"]);
  });
});

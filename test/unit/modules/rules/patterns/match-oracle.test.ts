import { describe, expect, it } from "vitest";
import { PatternSpec } from "../../../../../contracts/rule-patterns.ts";
import { type Random, seededRandom } from "../../../../../src/kernel/random.ts";
import { reviewPattern } from "../../../../../src/modules/rules/patterns/spec-problems.rules.ts";
import { type Assignment, allMatches } from "./match-oracle.ts";
import { compiled, run, type Sample } from "./run-pattern.ts";

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

function randomStep(random: Random, index: number) {
  const where = pick(random, ["a", "b", "c", "ab", "bc", "abc", ...(index > 0 ? ["b>s0", "abc>s0"] : [])]);
  const times = pick(random, [
    undefined,
    undefined,
    undefined,
    2,
    { min: 1, max: null },
    { min: 2, max: null },
    { min: 1, max: 2 },
    { min: 2, max: 3 },
  ]);
  const range = typeof times === "object" && times.min !== times.max;
  const inner = times === undefined ? "none" : pick(random, ["none", "consecutive", "allowCombinations"]);
  return {
    kind: "event",
    var: `s${index}`,
    where,
    contiguity: pick(random, ["next", "followedBy", "followedBy", "followedByAny"]),
    ...(times === undefined ? {} : { times }),
    ...(inner === "none" ? {} : { [inner]: true }),
    optional: random() < 0.2,
    greedy: random() < 0.25,
    ...(range && random() < 0.3 ? { until: pick(random, ["c", "d", "cd"]) } : {}),
    ...(random() < 0.1 ? { withinMs: 3 } : {}),
  };
}

function randomPattern(random: Random, strategy: string): PatternSpec | undefined {
  const steps: unknown[] = [];
  const count = 1 + Math.floor(random() * 3);
  for (let index = 0; index < count; index += 1) {
    steps.push(randomStep(random, index));
    if (random() < 0.3) {
      const contiguity = pick(random, ["notNext", "notFollowedBy"]);
      steps.push({
        kind: "not",
        var: `n${index}`,
        where: pick(random, ["a", "b", "c", "d", "cd"]),
        contiguity,
      });
    }
  }
  const spec = PatternSpec.parse({
    steps,
    afterMatch: { strategy },
    ...(strategy !== "noSkip" || random() < 0.5 ? { withinMs: 3 + Math.floor(random() * 6) } : {}),
  });
  return reviewPattern(spec).errors.length === 0 ? spec : undefined;
}

function randomEvents(random: Random): Sample[] {
  let at = 0;
  return Array.from({ length: 2 + Math.floor(random() * 6) }, (_, index) => {
    at += Math.floor(random() * 3);
    return { id: `${index}`, type: pick(random, ["a", "b", "c", "d"]), n: Math.floor(random() * 4), at };
  });
}

const nameOf = (spec: PatternSpec, assignment: Assignment) =>
  assignment
    .flatMap((list, step) =>
      list.length === 0 ? [] : [`${(spec.steps[step] as { var: string }).var}:${list}`],
    )
    .join(" ");

function engineMatches(
  spec: PatternSpec,
  events: readonly Sample[],
  extra: readonly number[] = [],
): string[] {
  const feed = events.flatMap((event, index) => (extra.includes(index) ? [event.at - 1, event] : [event]));
  return run(compiled(spec), feed, { watermark: 1_000 }).matches.map((match) =>
    Object.entries(match.vars)
      .map(([name, refs]) => `${name}:${refs.map((ref) => ref.id)}`)
      .join(" "),
  );
}

function cases(
  count: number,
  strategy: string,
  check: (spec: PatternSpec, events: Sample[], random: Random) => void,
) {
  let done = 0;
  for (let seed = 1; done < count; seed += 1) {
    const random = seededRandom(seed * 7919);
    const spec = randomPattern(random, strategy);
    if (spec === undefined) continue;
    check(spec, randomEvents(random), random);
    done += 1;
  }
}

describe("the automaton against every assignment tried by the definition", { timeout: 60_000 }, () => {
  it("finds exactly the matches of 4,000 random patterns and streams without skipping", () => {
    let total = 0;
    cases(4_000, "noSkip", (spec, events) => {
      const wanted = allMatches(spec, events).map(({ assignment }) => nameOf(spec, assignment));
      total += wanted.length;
      const got = engineMatches(spec, events);
      expect(got.toSorted(), JSON.stringify({ steps: spec.steps, within: spec.withinMs, events })).toEqual(
        wanted.toSorted(),
      );
    });
    expect(total).toBeGreaterThan(4_000);
  });

  it.each([
    ["skipPastLast", 800],
    ["skipToNext", 800],
  ])("reports with %s the earliest match of each beginning and skips the rest", (strategy, count) => {
    cases(count, strategy, (spec, events) => {
      const all = allMatches(spec, events).map(({ assignment, end }) => {
        const taken = assignment.flat();
        return { first: taken[0] ?? 0, last: taken.at(-1) ?? 0, end, name: nameOf(spec, assignment) };
      });
      const wanted: { first: number; end: number; among: string[] }[] = [];
      let bound = 0;
      for (let first = 0; first < events.length; first += 1) {
        if (first < bound) continue;
        const own = all.filter((match) => match.first === first);
        if (own.length === 0) continue;
        const end = Math.min(...own.map((match) => match.end));
        const among = own.filter((match) => match.end === end);
        wanted.push({ first, end, among: among.map((match) => match.name) });
        if (strategy === "skipToNext") bound = first + 1;
        else bound = Math.max(...among.map((match) => match.last)) + 1;
        if (new Set(among.map((match) => match.last)).size > 1) return;
      }
      const got = engineMatches(spec, events);
      const context = JSON.stringify({ steps: spec.steps, within: spec.withinMs, events, got, wanted });
      expect(got.length, context).toBe(wanted.length);
      got.forEach((match, n) => {
        expect(wanted[n]?.among, context).toContain(match);
      });
    });
  });

  it("finds the same however watermarks are cut between the events", () => {
    cases(300, "skipPastLast", (spec, events, random) => {
      const extra = events.map((_, index) => index).filter(() => random() < 0.5);
      expect(engineMatches(spec, events, extra)).toEqual(engineMatches(spec, events));
    });
  });
});

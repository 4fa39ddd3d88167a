import { PatternSpec } from "../../../../../contracts/rule-patterns.ts";
import { advance } from "../../../../../src/modules/rules/patterns/advance.ts";
import { compilePattern } from "../../../../../src/modules/rules/patterns/compile-pattern.ts";
import type { StepCondition } from "../../../../../src/modules/rules/patterns/condition.ts";
import {
  initialPatternState,
  type PatternMatch,
  type PatternState,
  type PatternStep,
  type PatternTimeout,
} from "../../../../../src/modules/rules/patterns/pattern-state.ts";
import type { CompiledPattern } from "../../../../../src/modules/rules/patterns/stage.ts";

/** An event of the tests: what it is, a number it carries, and when. */
export interface Sample {
  readonly id: string;
  readonly type: string;
  readonly n: number;
  readonly at: number;
}

/**
 * Conditions of the tests: `ab` is true of events of type a or b; `ab>x` only where the number is greater than that of
 * the first event taken as x, unknown while there is none.
 */
export function conditionOf(source: string): StepCondition<Sample> {
  const [types = "", name] = source.split(">");
  return {
    usesVars: name !== undefined,
    test: (event, vars) => {
      if (!types.includes(event.type)) return false;
      if (name === undefined) return true;
      const other = vars[name]?.[0];
      return typeof other === "number" ? event.n > other : "unknown";
    },
  };
}

/** `a1 b2@50` are event a1 at 0 and event b2 at 50; without a time, one more than before. `a1=7` carries 7. */
export function samples(text: string): Sample[] {
  let at = -1;
  return text
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word) => {
      const [, id = "", n, time] = /^([a-z]\d*)(?:=(-?\d+))?(?:@(\d+))?$/.exec(word) ?? [];
      at = time === undefined ? at + 1 : Number(time);
      return { id, type: id.slice(0, 1), n: Number(n ?? 0), at };
    });
}

type Input = Parameters<typeof PatternSpec.parse>[0];

export function compiled(spec: Input): CompiledPattern<Sample> {
  const project = (event: Sample) => event.n;
  return compilePattern(PatternSpec.parse(spec), { conditionOf, project }).pattern;
}

export interface Run {
  readonly matches: PatternMatch[];
  readonly timeouts: PatternTimeout[];
  readonly steps: PatternStep[];
  readonly state: PatternState;
  readonly dropped: number;
}

/** Feeds events, each through a state that has been written and read as JSON, and at last a watermark. */
export function run(
  pattern: CompiledPattern<Sample>,
  events: readonly (Sample | number)[],
  { startAt = 0, watermark }: { startAt?: number; watermark?: number } = {},
): Run {
  let state = initialPatternState(pattern, startAt);
  const steps: PatternStep[] = [];
  const feed = [...events, ...(watermark === undefined ? [] : [watermark])];
  for (const one of feed) {
    const stored: PatternState = JSON.parse(JSON.stringify(state));
    const step =
      typeof one === "number"
        ? advance(pattern, stored, { kind: "watermark", at: one }, one)
        : advance(
            pattern,
            stored,
            { kind: "event", event: { id: one.id, source: "s", at: one.at, value: one } },
            one.at,
          );
    state = step.state;
    steps.push(step);
  }
  return {
    matches: steps.flatMap((step) => step.matches),
    timeouts: steps.flatMap((step) => step.timeouts),
    steps,
    state,
    dropped: steps.reduce((sum, step) => sum + step.dropped, 0),
  };
}

/** A match as the ids of its events in the order of the pattern. */
export function ids(match: Pick<PatternMatch, "vars">): string {
  return Object.values(match.vars)
    .flat()
    .map((ref) => ref.id)
    .join(" ");
}

/** The matches that a pattern finds, each as its events, in the order in which they are reported. */
export function found(spec: Input, text: string, watermark?: number): string[] {
  return run(compiled(spec), samples(text), watermark === undefined ? {} : { watermark }).matches.map(ids);
}

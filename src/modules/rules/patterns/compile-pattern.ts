import type { PatternSpec } from "../../../../contracts/rule-patterns.ts";
import type { Json } from "../../../kernel/json.ts";
import { type FieldProblem, problem } from "../../../kernel/problem.ts";
import { flatten } from "./flatten.ts";
import { PatternBuilder } from "./pattern-builder.ts";
import { reviewPattern } from "./spec-problems.rules.ts";
import type { CompiledPattern } from "./stage.ts";
import { type ConditionOf, StepConditions } from "./step-conditions.ts";

export interface PatternOptions<E> {
  readonly conditionOf: ConditionOf<E>;
  /** The fields of a taken event that later conditions or outputs read; nothing is kept without it. */
  readonly project?: (event: E) => Json | undefined;
}

/**
 * Compiles a pattern into the automaton that `advance` runs. Deterministic: the same specification gives the same
 * stages, so a stored state goes on under a pattern that was compiled anew.
 * Throws `invalid_input` `rules.pattern_invalid` with a pointer for each error; warnings are answered.
 */
export function compilePattern<E>(
  spec: PatternSpec,
  options: PatternOptions<E>,
): { pattern: CompiledPattern<E>; warnings: readonly FieldProblem[] } {
  const { errors, warnings } = reviewPattern(spec);
  const conditions = new StepConditions(options.conditionOf);
  conditions.read(spec.steps, ["steps"], []);
  const all = [...errors, ...conditions.errors];
  if (all.length > 0) {
    throw problem("invalid_input", "rules.pattern_invalid", "The pattern can't be used.", { errors: all });
  }

  const builder = new PatternBuilder(spec, conditions);
  const start = builder.build();
  const stages = flatten(builder.drafts.list, (condition) => conditions.list[condition]?.usesVars === true);
  const first = spec.steps[0];
  const startCondition = first?.kind === "absence" ? conditions.at(["steps", 0, "where"]) : undefined;
  const logicalAbsence =
    (first?.kind === "and" || first?.kind === "or") && first.sides.some((side) => side.kind === "absence");
  return {
    warnings,
    pattern: {
      leaves: builder.leaves,
      conditions: conditions.list,
      stages,
      reopenings: builder.drafts.reopenings,
      start,
      startsWithClock: first?.kind === "absence" || logicalAbsence,
      ...(startCondition === undefined ? {} : { startCondition }),
      every: spec.every,
      ...(spec.withinMs === undefined ? {} : { withinMs: spec.withinMs }),
      afterMatch: spec.afterMatch,
      emit: spec.emit,
      timeouts: spec.timeouts,
      maxPartialMatches: spec.maxPartialMatches,
      project: options.project ?? (() => undefined),
    },
  };
}

import type { MaruEvent } from "../../../../../contracts/events.ts";
import type { PatternSpec } from "../../../../../contracts/rule-patterns.ts";
import { AppError, problem } from "../../../../kernel/problem.ts";
import { compileExpr } from "../../expr/compile-expr.ts";
import type { Expr, ExprTypes } from "../../expr/expr.ts";
import { placedMessage } from "../../expr/placed-message.ts";
import { celTypes, listOf } from "../../expr/values/type.ts";
import { compilePattern } from "../../patterns/compile-pattern.ts";
import type { ConditionPlace, StepCondition } from "../../patterns/condition.ts";
import type { CompiledPattern } from "../../patterns/stage.ts";
import type { RuleIssues } from "./issues.ts";
import type { RuleScope } from "./scope.ts";

/** Compiles a pattern with conditions over `event`, `data` and the events taken by each variable, as lists. */
export function compilePatternTrigger(
  spec: PatternSpec,
  scope: RuleScope,
  keepsEvents: boolean,
  issues: RuleIssues,
): CompiledPattern<MaruEvent> | undefined {
  let usesVars = keepsEvents;
  const conditionOf = (source: string, place: ConditionPlace): StepCondition<MaruEvent> => {
    const taken: Record<string, ReturnType<typeof listOf>> = {};
    for (const name of place.vars) taken[name] = listOf(celTypes.dyn);
    const condition = stepCondition(source, { ...taken, ...scope.event }, place);
    usesVars ||= condition.usesVars;
    return condition;
  };
  try {
    const { pattern, warnings } = compilePattern<MaruEvent>(spec, { conditionOf });
    for (const warning of warnings) {
      issues.notes.push({ ...warning, pointer: `/trigger/pattern${warning.pointer}` });
    }
    return { ...pattern, project: usesVars ? keptOf : () => undefined };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    for (const wrong of error.failure.errors ?? []) {
      issues.problems.push({ ...wrong, pointer: `/trigger/pattern${wrong.pointer}` });
    }
    return undefined;
  }
}

function stepCondition(source: string, types: ExprTypes, place: ConditionPlace): StepCondition<MaruEvent> {
  const outcome = compileExpr(source, types);
  if (!outcome.ok) {
    const errors = outcome.issues.map((issue) => ({
      pointer: place.pointer,
      code: issue.code,
      message: placedMessage(issue),
    }));
    throw problem(
      "invalid_input",
      "rules.expression_invalid",
      errors[0]?.message ?? "The condition is wrong.",
      {
        errors,
      },
    );
  }
  const { expr } = outcome;
  const usesVars = expr.reads.some((name) => name !== "event" && name !== "data");
  return { usesVars, test: (event, vars) => truthOf(expr, event, vars) };
}

function truthOf(expr: Expr, event: MaruEvent, vars: Readonly<Record<string, unknown>>): boolean | "unknown" {
  const value = expr.evaluate({ ...vars, event, data: event.data });
  return typeof value === "boolean" ? value : "unknown";
}

/** What later conditions and messages may read of an event that was taken. */
function keptOf({ id, source, type, time, subject, data }: MaruEvent) {
  return {
    id,
    source,
    type,
    time,
    ...(subject === undefined ? {} : { subject }),
    ...(data === undefined ? {} : { data }),
  };
}

import type { Comparison } from "../../../../contracts/rule-conditions.ts";
import type { Json } from "../../../kernel/json.ts";
import type { Bindings, Expr } from "../expr/expr.ts";
import { CelFailure } from "../expr/values/value.ts";
import type { CompiledCondition } from "./compile/compiled-rule.ts";
import type { Verdict } from "./outputs.ts";
import type { BandModel } from "./thresholds/band-model.ts";
import { judgeBand } from "./thresholds/judge-band.rules.ts";

/** Whether the alert should open, and whether it should stay open once it is; `why` tells of an error. */
export interface Judgement {
  readonly open: Verdict;
  readonly stay: Verdict;
  readonly why?: string;
}

const unknown: Judgement = { open: "unknown", stay: "unknown" };

/**
 * What the condition says under these bindings at an instant. A dynamic threshold learns from the value, in place. What
 * reads something absent is `unknown`; what goes wrong is `error`.
 */
export function judge(
  condition: CompiledCondition | undefined,
  bindings: Bindings,
  at: number,
  model: () => BandModel,
): Judgement {
  if (condition === undefined) return unknown;
  if (condition.kind === "expression") return judgeExpressions(condition.open, condition.close, bindings);
  const value = bindings[condition.of] as Json | undefined;
  if (typeof value !== "number" || Number.isNaN(value)) {
    return value === undefined || value === null || typeof value === "number"
      ? unknown
      : { open: "error", stay: "error", why: `${condition.of} is no number` };
  }
  if (condition.kind === "static") {
    const open = compare(value, condition.open);
    const stay = condition.close === undefined ? open : !compare(value, condition.close);
    return { open: open ? "true" : "false", stay: stay ? "true" : "false" };
  }
  const { open, close } = judgeBand(model(), value, at, condition);
  return { open, stay: negated(close) };
}

function judgeExpressions(open: Expr, close: Expr | undefined, bindings: Bindings): Judgement {
  const opens = open.evaluate(bindings);
  const first = verdictOf(opens);
  if (close === undefined) return withReason({ open: first, stay: first }, opens);
  const closes = close.evaluate(bindings);
  return withReason({ open: first, stay: negated(verdictOf(closes)) }, opens, closes);
}

function verdictOf(value: unknown): Verdict {
  if (value === true) return "true";
  if (value === false) return "false";
  return value instanceof CelFailure && value.code === "absent" ? "unknown" : "error";
}

function negated(verdict: Verdict): Verdict {
  if (verdict === "true") return "false";
  return verdict === "false" ? "true" : verdict;
}

function withReason(judgement: Judgement, ...values: readonly unknown[]): Judgement {
  if (judgement.open !== "error" && judgement.stay !== "error") return judgement;
  const failure = values.find((value) => value instanceof CelFailure && value.code !== "absent");
  return {
    ...judgement,
    why: failure instanceof CelFailure ? failure.message : "The condition gives no bool.",
  };
}

function compare(value: number, { op, value: limit }: Comparison): boolean {
  switch (op) {
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case "==":
      return value === limit;
    default:
      return value !== limit;
  }
}

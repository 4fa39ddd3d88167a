import type { MaruEvent } from "../../../../../contracts/events.ts";
import type { Json } from "../../../../kernel/json.ts";
import { valueText } from "../../expr/compile-template.ts";
import type { Expr } from "../../expr/expr.ts";
import { CelFailure, type CelResult } from "../../expr/values/value.ts";
import type { CompiledRule } from "../compile/compiled-rule.ts";

/** Whether a rule remembers nothing: each event decides alone. */
export function isStateless({ trigger, definition }: CompiledRule): boolean {
  if (trigger.kind !== "filter" || definition.outcome !== "match" || definition.ordered) return false;
  if (definition.condition?.kind !== "expression" && definition.condition?.kind !== "static") return false;
  return definition.cooldownMs === 0 && definition.actions.every(({ cooldownMs = 0 }) => cooldownMs === 0);
}

/** The key of an event; undefined where a part has no value and the rule leaves such events out. */
export function readKey(
  rule: CompiledRule,
  bindings: { readonly event: MaruEvent; readonly data: unknown },
): Json[] | undefined {
  const key: Json[] = [];
  for (const part of rule.key) {
    const value = keyPart(part, bindings);
    if (value === null && rule.definition.nullKey === "skip") return undefined;
    key.push(value);
  }
  return key;
}

function keyPart(part: Expr, bindings: Parameters<Expr["evaluate"]>[0]): Json {
  const value: CelResult = part.evaluate(bindings);
  if (value === null || value instanceof CelFailure) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return valueText(value);
}

import type { ToolCall } from "../../../../contracts/evaluation-case.ts";
import { canonicalJson } from "../../../kernel/json.ts";

/** True when two argument values are the same JSON value. */
export function sameValue(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** A call as one text, equal for equal name and arguments whatever the order of the members. */
export function callKey(call: ToolCall): string {
  return `${call.name}\u0000${canonicalJson(call.args)}`;
}

/** The share of the expected arguments that the call has with the same value; no expected ones: 1 if it has none, else 0. */
export function matchedArguments(called: ToolCall["args"], expected: ToolCall["args"]): number {
  const names = Object.keys(expected);
  if (names.length === 0) return Object.keys(called).length === 0 ? 1 : 0;
  return (
    names.filter((name) => Object.hasOwn(called, name) && sameValue(called[name], expected[name])).length /
    names.length
  );
}

/** Matching members over all members of either side; nested objects count by their own share. Two empty ones give 1. */
export function argumentOverlap(called: ToolCall["args"], expected: ToolCall["args"]): number {
  const names = new Set([...Object.keys(called), ...Object.keys(expected)]);
  if (names.size === 0) return 1;
  let matched = 0;
  for (const name of names) {
    if (!Object.hasOwn(called, name) || !Object.hasOwn(expected, name)) continue;
    const [a, b] = [called[name], expected[name]];
    if (sameValue(a, b)) matched += 1;
    else if (isObject(a) && isObject(b)) matched += argumentOverlap(a, b);
  }
  return matched / names.size;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

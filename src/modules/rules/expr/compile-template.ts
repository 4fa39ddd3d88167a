import { compileExpr } from "./compile-expr.ts";
import type { Bindings, Expr, ExprIssue, ExprOptions, ExprTypes } from "./expr.ts";
import { doubleText } from "./functions/conversions.ts";
import { CelDuration, CelTimestamp, formatDuration, formatTimestamp } from "./values/time.ts";
import { CelFailure, CelMap, CelUint, type CelValue } from "./values/value.ts";

/** Text with values in it. A value that is not there is an empty text. Pure; never throws. */
export interface Template {
  readonly source: string;
  readonly parts: readonly (string | Expr)[];
  render(bindings: Bindings): string;
}

export type TemplateOutcome =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly issues: readonly ExprIssue[] };

/** Compiles `text {{ CEL }} text`. Places in issues are those of the whole template. */
export function compileTemplate(
  source: string,
  types: ExprTypes,
  options: ExprOptions = {},
): TemplateOutcome {
  const parts: (string | Expr)[] = [];
  const issues: ExprIssue[] = [];
  let at = 0;
  while (at < source.length) {
    const open = source.indexOf("{{", at);
    if (open < 0) break;
    const close = source.indexOf("}}", open + 2);
    if (close < 0) {
      issues.push(
        moved({ code: "bad_syntax", message: "This {{ has no }}.", start: open, end: open + 2 }, source, 0),
      );
      break;
    }
    if (open > at) parts.push(source.slice(at, open));
    const outcome = compileExpr(source.slice(open + 2, close), types, options);
    if (outcome.ok) parts.push(outcome.expr);
    else issues.push(...outcome.issues.map((issue) => moved(issue, source, open + 2)));
    at = close + 2;
  }
  if (issues.length > 0) return { ok: false, issues };
  if (at < source.length) parts.push(source.slice(at));
  return { ok: true, template: { source, parts, render: renderer(parts) } };
}

function renderer(parts: readonly (string | Expr)[]): Template["render"] {
  if (parts.every((part) => typeof part === "string")) {
    const text = parts.join("");
    return () => text;
  }
  return (bindings) =>
    parts.map((part) => (typeof part === "string" ? part : valueText(part.evaluate(bindings)))).join("");
}

type Place = Pick<ExprIssue, "code" | "message" | "start" | "end">;

function moved({ code, message, start, end }: Place, source: string, by: number): ExprIssue {
  const before = source.slice(0, start + by);
  const line = before.split("\n").length;
  const column = before.length - before.lastIndexOf("\n");
  return { code, message, line, column, start: start + by, end: end + by };
}

/** A value as people read it; lists and maps as JSON. */
export function valueText(value: CelValue | CelFailure): string {
  if (value instanceof CelFailure || value === null) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number") return doubleText(value);
  if (typeof value !== "object") return String(value);
  if (value instanceof CelUint) return String(value.value);
  if (value instanceof CelTimestamp) return formatTimestamp(value);
  if (value instanceof CelDuration) return formatDuration(value);
  return JSON.stringify(toJsonValue(value));
}

/** A value as JSON; whole numbers that JSON can't hold are text. */
export function toJsonValue(value: CelValue | undefined): unknown {
  if (value === undefined || value === null || typeof value === "string" || typeof value === "boolean")
    return value;
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (Array.isArray(value)) return value.map(toJsonValue);
  if (value instanceof CelMap) {
    const members = Array.from(value.entries.values(), ([key, member]) => [
      valueText(key),
      toJsonValue(member),
    ]);
    return Object.fromEntries(members);
  }
  const proto: unknown = Object.getPrototypeOf(value);
  if (proto !== Object.prototype && proto !== null) return valueText(value);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toJsonValue(member)]));
}

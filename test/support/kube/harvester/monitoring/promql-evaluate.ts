import { aggregate } from "./promql-aggregate.ts";
import { combine } from "./promql-combine.ts";
import { calls } from "./promql-functions.ts";
import type { Expression, Matcher, Selector } from "./promql-parser.ts";
import { ExecutionError, type Series, type Source, type Value, withoutName } from "./promql-values.ts";

function matches({ labels }: Series, { label, op, value, pattern }: Matcher): boolean {
  const there = labels[label] ?? "";
  if (op === "=" || op === "!=") return (there === value) === (op === "=");
  return (pattern?.test(there) ?? false) === (op === "=~");
}

function selected(selector: Selector, source: Source): readonly Series[] {
  return source(selector.name).filter((series) => selector.matchers.every((one) => matches(series, one)));
}

function select(selector: Selector, source: Source, atMs: number): Value {
  const toMs = atMs - selector.offsetMs;
  const found = selected(selector, source);
  const { rangeMs } = selector;
  if (rangeMs !== undefined)
    return { type: "matrix", ranges: found.map((series) => ({ series, fromMs: toMs - rangeMs, toMs })) };
  const samples = found.flatMap((series) => {
    const value = series.at(toMs);
    return value === undefined ? [] : [{ labels: series.labels, value }];
  });
  return { type: "vector", samples };
}

function negative(value: Value): Value {
  if (value.type === "scalar") return { type: "scalar", value: -value.value };
  if (value.type !== "vector")
    throw new ExecutionError("unary expression only allowed on expressions of type scalar or instant vector");
  return {
    type: "vector",
    samples: value.samples.map(({ labels, value: one }) => ({ labels: withoutName(labels), value: -one })),
  };
}

/** What a query says at one instant. @throws ExecutionError */
export function evaluate(expression: Expression, source: Source, atMs: number): Value {
  const inner = (one: Expression) => evaluate(one, source, atMs);
  switch (expression.type) {
    case "number":
      return { type: "scalar", value: expression.value };
    case "string":
      return { type: "string", value: expression.value };
    case "selector":
      return select(expression, source, atMs);
    case "negative":
      return negative(inner(expression.of));
    case "aggregate":
      return aggregate(expression.name, expression.grouping, expression.args.map(inner));
    case "binary":
      return combine(expression, inner(expression.left), inner(expression.right));
    case "call": {
      const call = Object.hasOwn(calls, expression.name) ? calls[expression.name] : undefined;
      if (call === undefined) throw new ExecutionError(`unknown function with name "${expression.name}"`);
      return call(expression.args.map(inner), atMs);
    }
  }
}

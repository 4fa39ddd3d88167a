import { describe, expect, it } from "vitest";
import { compileExpr } from "../../../../../src/modules/rules/expr/compile-expr.ts";
import type { Bindings, ExprOptions, ExprTypes } from "../../../../../src/modules/rules/expr/expr.ts";
import { typeOfJsonSchema } from "../../../../../src/modules/rules/expr/json-schema-types.ts";
import { celTypes } from "../../../../../src/modules/rules/expr/values/type.ts";
import { CelFailure } from "../../../../../src/modules/rules/expr/values/value.ts";

const data = { data: celTypes.dyn };

function evaluate(source: string, bindings: Bindings, types: ExprTypes = data) {
  const outcome = compileExpr(source, types);
  if (!outcome.ok) throw new Error(outcome.issues.map(({ message }) => message).join());
  const value = outcome.expr.evaluate(bindings);
  return value instanceof CelFailure ? value.code : value;
}

function issuesOf(source: string, types: ExprTypes = data, options: ExprOptions = {}) {
  const outcome = compileExpr(source, types, options);
  return outcome.ok ? [] : outcome.issues.map(({ code, line, column }) => [code, line, column]);
}

describe("what is missing", () => {
  it("is unknown, never true or false", () => {
    expect(evaluate("data.cpu > 80", { data: {} })).toBe("absent");
    expect(evaluate("!(data.cpu > 80)", { data: {} })).toBe("absent");
    expect(evaluate("data.a.b == 1", { data: { a: null } })).toBe("absent");
    expect(evaluate("data.cpu > 80", {})).toBe("absent");
    expect(evaluate("avg > 80", { avg: undefined }, { avg: celTypes.double })).toBe("absent");
  });

  it("does not matter where the other side decides", () => {
    expect(evaluate("data.x == 1 || true", { data: {} })).toBe(true);
    expect(evaluate("data.x == 1 && false", { data: {} })).toBe(false);
    expect(evaluate("data.x == 1 || false", { data: {} })).toBe("absent");
  });

  it("can be asked for", () => {
    expect(evaluate("has(data.x) && data.x > 1", { data: {} })).toBe(false);
    expect(evaluate("has(data.x) && data.x > 1", { data: { x: 2 } })).toBe(true);
  });

  it("does not find what objects inherit", () => {
    expect(evaluate("has(data.constructor)", { data: {} })).toBe(false);
    expect(evaluate("data.toString", { data: {} })).toBe("absent");
  });
});

describe("errors when an expression is saved", () => {
  it("say where", () => {
    expect(issuesOf("data.x >\n  foo")).toEqual([["unknown_name", 2, 3]]);
    expect(issuesOf("1 +")).toEqual([["bad_syntax", 1, 4]]);
    expect(issuesOf("data.x.nope()")).toEqual([["unknown_function", 1, 1]]);
    expect(issuesOf('"a" + 1')).toEqual([["no_overload", 1, 1]]);
    expect(issuesOf("'a' && true")).toEqual([["no_overload", 1, 1]]);
    expect(issuesOf("data.s.matches('(')")).toEqual([["bad_pattern", 1, 16]]);
  });

  it("name a field that the schema does not have", () => {
    const schema = { type: "object", properties: { cpu: { type: "number" } }, additionalProperties: false };
    expect(issuesOf("data.cpuu > 1", { data: typeOfJsonSchema(schema) })).toEqual([["unknown_field", 1, 1]]);
    expect(issuesOf("data.cpu > 'x'", { data: typeOfJsonSchema(schema) })).toEqual([["no_overload", 1, 1]]);
  });

  it("bound what may be written", () => {
    expect(issuesOf(Array(300).fill("data.x == 1").join(" || "))).toEqual([["too_complex", 1, 1]]);
    const deep = "data.l.all(a, data.l.all(b, data.l.all(c, true)))";
    expect(issuesOf(deep).map(([code]) => code)).toEqual(["too_complex"]);
    expect(issuesOf("data.l.filter(a, a > 1).map(b, b).all(c, c > 1)")).toEqual([]);
    expect(issuesOf(`data.x in [${Array(1_001).fill("1").join()}]`).length).toBe(1);
  });
});

describe("the bound on work", () => {
  it("stops at lists that are too long and at too many steps", () => {
    const long = Array.from({ length: 1_001 }, (_, i) => i);
    expect(evaluate("data.all(x, x >= 0)", { data: long })).toBe("too_much_work");
    const wide = long.slice(0, 1_000);
    expect(evaluate("data.all(x, data.all(y, x + y >= 0.0))", { data: wide })).toBe("too_much_work");
  });

  it("matches patterns in time linear in the text", () => {
    const started = performance.now();
    expect(evaluate("data.s.matches('^(a+)+$')", { data: { s: `${"a".repeat(5_000)}!` } })).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe("numbers", () => {
  const schema = {
    type: "object",
    properties: {
      n: { type: "integer" },
      x: { type: "number" },
      at: { type: "string", format: "date-time" },
      list: { type: "array", items: { type: "integer" } },
      maybe: { type: ["integer", "null"] },
      inner: { $ref: "#/$defs/inner" },
    },
    $defs: { inner: { type: "object", properties: { n: { type: "integer" } } } },
  };
  const types = { data: typeOfJsonSchema(schema) };
  const value = {
    n: 7,
    x: 7,
    at: "2026-01-01T09:30:00+09:00",
    list: [1, 2, 3],
    maybe: null,
    inner: { n: 4 },
  };

  it("of integer fields are integers", () => {
    expect(evaluate("data.n % 2 == 1", { data: value }, types)).toBe(true);
    expect(evaluate("data.n / 2", { data: value }, types)).toBe(3n);
    expect(evaluate("data.list.map(i, i % 2)", { data: value }, types)).toEqual([1n, 0n, 1n]);
    expect(evaluate("data.list[2] + 1", { data: value }, types)).toBe(4n);
    expect(evaluate("data.inner.n + data.n", { data: value }, types)).toBe(11n);
    expect(evaluate("data.maybe == null", { data: value }, types)).toBe(true);
    expect(evaluate("data.at.getHours('Asia/Seoul')", { data: value }, types)).toBe(9n);
    expect(evaluate("data.n + 1", { data: { n: 1.5 } }, types)).toBe("type_mismatch");
  });

  it("written whole are widened beside doubles, with a note", () => {
    const outcome = compileExpr("data.x / 2 > 3", types);
    expect(outcome.ok && outcome.expr.notes.map(({ code, column }) => [code, column])).toEqual([
      ["literal_widened", 10],
    ]);
    expect(outcome.ok && outcome.expr.evaluate({ data: value })).toBe(true);
    expect(evaluate("data.n * 2 + 1", { data: { n: 1.5 } })).toBe(4);
    const untyped = compileExpr("data.n + 1", data);
    expect(untyped.ok && untyped.expr.notes.map(({ code }) => code)).toEqual(["untyped_number"]);
  });

  it("are not widened when that is refused", () => {
    expect(issuesOf("data.x / 2", types, { widenLiterals: false })).toEqual([["no_overload", 1, 1]]);
  });

  it("are compared by value across types", () => {
    expect(
      evaluate("data.n == 7 && data.n == 7.0 && 7u == data.x && data.n > 6.5", { data: value }, types),
    ).toBe(true);
  });
});

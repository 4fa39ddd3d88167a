import { describe, expect, it } from "vitest";
import { compileSchema } from "../../../../../src/modules/sources/schema/compile-schema.ts";

function check(schema: unknown, value: unknown): string[] {
  const outcome = compileSchema(schema);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.check(value, "").map(({ pointer, code }) => `${pointer} ${code}`);
}

function problems(schema: unknown): string[] {
  const outcome = compileSchema(schema);
  return outcome.ok ? [] : outcome.problems.map(({ pointer }) => pointer);
}

describe("a value", () => {
  const host = {
    type: "object",
    properties: {
      name: { type: "string", minLength: 1, maxLength: 3, pattern: "^[a-z]" },
      cores: { type: "integer", minimum: 1 },
      at: { type: "string", format: "date-time" },
      disks: { type: "array", items: { $ref: "#/$defs/disk" }, uniqueItems: true, maxItems: 2 },
      kind: { enum: ["vm", { bare: true }] },
    },
    required: ["name"],
    additionalProperties: false,
    $defs: { disk: { type: "object", properties: { gb: { exclusiveMinimum: 0 } }, required: ["gb"] } },
  };

  it("that holds has nothing wrong", () => {
    const at = "2026-01-01T00:00:00Z";
    expect(
      check(host, { name: "한b".slice(1), cores: 2, at, disks: [{ gb: 1 }], kind: { bare: true } }),
    ).toEqual([]);
    expect(check(host, { name: "a😀b" })).toEqual([]);
  });

  it("that doesn't is told everything, each with a pointer into it", () => {
    const value = { cores: 1.5, at: "now", disks: [{ gb: 0 }, {}, {}], kind: "pod", "x/y": 1 };
    expect(check(host, value).toSorted()).toEqual([
      "/at format",
      "/cores type",
      "/disks maxItems",
      "/disks uniqueItems",
      "/disks/0/gb exclusiveMinimum",
      "/disks/1/gb required",
      "/disks/2/gb required",
      "/kind enum",
      "/name required",
      "/x~1y not_allowed",
    ]);
  });

  it("fits any, one or none of several schemas, and those that follow from others", () => {
    const any = { anyOf: [{ type: "string" }, { minimum: 5, type: "number" }] };
    expect([check(any, "a"), check(any, 6), check(any, 1)]).toEqual([[], [], [" anyOf"]]);
    const one = { oneOf: [{ minimum: 1 }, { minimum: 5 }] };
    expect([check(one, 3), check(one, 6)]).toEqual([[], [" oneOf"]]);
    const chosen = JSON.parse(
      '{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"not":{"required":["c"]}}}',
    );
    expect([check(chosen, { a: 1 }), check(chosen, { c: 1 }), check(chosen, {})]).toEqual([
      ["/b required"],
      [" not"],
      [],
    ]);
    const dependent = { dependentRequired: { a: ["b"] }, dependentSchemas: { c: { maxProperties: 1 } } };
    expect(check(dependent, { a: 1, c: 1 })).toEqual(["/b required", " maxProperties"]);
  });

  it("may be as deep as its schema refers back to itself", () => {
    const tree = { type: "object", properties: { next: { $ref: "#" } } };
    expect(check(tree, { next: { next: {} } })).toEqual([]);
    expect(check(tree, { next: { next: 1 } })).toEqual(["/next/next type"]);
  });

  it("is given up when checking it takes too many steps", () => {
    const levels = Array.from({ length: 30 }, (_, n) => [
      `l${n}`,
      n === 29
        ? { type: "string" }
        : { allOf: [{ $ref: `#/$defs/l${n + 1}` }, { $ref: `#/$defs/l${n + 1}` }] },
    ]);
    const fanning = { $ref: "#/$defs/l0", $defs: Object.fromEntries(levels) };
    expect(check(fanning, "text")).toEqual([" too_costly"]);
  });

  it("is searched for a pattern in time that does not explode", () => {
    const started = performance.now();
    expect(check({ pattern: "^(a+)+$" }, `${"a".repeat(5_000)}!`)).toEqual([" pattern"]);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe("a schema", () => {
  it.each([
    [{ properties: { a: { pattern: "(?!a)" } } }, "/properties/a/pattern"],
    [{ $ref: "https://example.com/schema" }, "/$ref"],
    [{ $ref: "#/$defs/none" }, "/$ref"],
    [{ allOf: [{ $ref: "#" }] }, "/allOf/0/$ref"],
    [{ unevaluatedProperties: false }, "/unevaluatedProperties"],
    [{ items: [{}] }, "/items"],
    [{ minLength: -1 }, "/minLength"],
    [{ type: "date" }, "/type"],
    [{ patternProperties: { "(": {} } }, "/patternProperties"],
    [{ properties: { a: 1 } }, "/properties/a"],
  ])("%j is refused where it can't be checked", (schema, pointer) => {
    expect(problems(schema)).toEqual([pointer]);
  });
});

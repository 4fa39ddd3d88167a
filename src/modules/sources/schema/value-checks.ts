import { canonicalJson } from "../../../kernel/json.ts";
import { parseInstant } from "../receiving/instant.rules.ts";
import { type Check, fault } from "./check.ts";
import { numberAt, patternOf, type Reader, type Schema, sizeAt, wrong } from "./read-schema.ts";

const isOf: Readonly<Record<string, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === "boolean",
  integer: (value) => typeof value === "number" && Number.isInteger(value),
  number: (value) => typeof value === "number",
  string: (value) => typeof value === "string",
  array: Array.isArray,
  object: (value) => value !== null && typeof value === "object" && !Array.isArray(value),
};

/** `type`, `enum`, `const`, and the keywords of numbers and texts. */
export function valueChecks(schema: Schema, reader: Reader): Check[] {
  return [
    typeCheck(schema, reader),
    enumCheck(schema, reader),
    ...numberChecks(schema, reader),
    ...textChecks(schema, reader),
  ].filter((check) => check !== undefined);
}

function typeCheck({ type }: Schema, reader: Reader): Check | undefined {
  if (type === undefined) return undefined;
  const names: readonly unknown[] = Array.isArray(type) ? type : [type];
  const tests = names.map((name) => (typeof name === "string" ? isOf[name] : undefined));
  const known = tests.filter((test) => test !== undefined);
  if (known.length < tests.length || known.length === 0)
    return wrong(reader, "type", `A type is one of ${Object.keys(isOf).join(", ")}.`);
  const wanted = names.join(" or ");
  return (value, trail) =>
    known.some((test) => test(value)) || fault(trail, "type", `This is of type ${wanted}.`);
}

function enumCheck(schema: Schema, reader: Reader): Check | undefined {
  const { enum: listed } = schema;
  if (listed !== undefined && !Array.isArray(listed))
    return wrong(reader, "enum", "This is a list of values.");
  const hasConst = Object.hasOwn(schema, "const");
  if (listed === undefined && !hasConst) return undefined;
  const constant = hasConst ? canonicalJson(schema.const) : undefined;
  const values = listed === undefined ? undefined : new Set(listed.map((value) => canonicalJson(value)));
  return (value, trail) => {
    const text = canonicalJson(value);
    const holds = (constant === undefined || constant === text) && (values === undefined || values.has(text));
    return holds || fault(trail, "enum", "This is not one of the values that it may have.");
  };
}

const numberTests: Readonly<Record<string, readonly [(value: number, limit: number) => boolean, string]>> = {
  minimum: [(value, limit) => value >= limit, "at least"],
  maximum: [(value, limit) => value <= limit, "at most"],
  exclusiveMinimum: [(value, limit) => value > limit, "more than"],
  exclusiveMaximum: [(value, limit) => value < limit, "less than"],
  multipleOf: [isMultiple, "a multiple of"],
};

function isMultiple(value: number, of: number): boolean {
  const quotient = value / of;
  // 0.0075 / 0.0001 is 75.00000000000001: what a double can't tell from a whole number is one.
  return Number.isFinite(quotient)
    ? Math.abs(quotient - Math.round(quotient)) <= Number.EPSILON * Math.max(1, Math.abs(quotient))
    : Number.isInteger(value) && value % of === 0;
}

function numberChecks(schema: Schema, reader: Reader): (Check | undefined)[] {
  return Object.entries(numberTests).map(([keyword, [test, words]]) => {
    const limit = numberAt(schema, keyword, reader);
    if (limit === undefined) return undefined;
    if (keyword === "multipleOf" && limit <= 0) return wrong(reader, keyword, "This is more than 0.");
    return (value, trail) =>
      typeof value !== "number" || test(value, limit) || fault(trail, keyword, `This is ${words} ${limit}.`);
  });
}

function textChecks(schema: Schema, reader: Reader): (Check | undefined)[] {
  const least = sizeAt(schema, "minLength", reader);
  const most = sizeAt(schema, "maxLength", reader);
  const pattern = schema.pattern === undefined ? undefined : patternOf(schema.pattern, "pattern", reader);
  const { format } = schema;
  return [
    least === undefined
      ? undefined
      : text((value) => lengthOf(value) >= least, "minLength", `This has at least ${least} characters.`),
    most === undefined
      ? undefined
      : text((value) => lengthOf(value) <= most, "maxLength", `This has at most ${most} characters.`),
    pattern && text((value) => pattern.test(value), "pattern", `This matches ${String(schema.pattern)}.`),
    // Rules read it as an instant; other formats are remarks (JSON Schema validation, 7.2.1).
    format === "date-time"
      ? text((value) => parseInstant(value) !== undefined, "format", "This is an RFC 3339 timestamp.")
      : undefined,
  ];
}

function text(test: (value: string) => boolean, code: string, message: string): Check {
  return (value, trail) => typeof value !== "string" || test(value) || fault(trail, code, message);
}

/** Characters as code points. */
function lengthOf(value: string): number {
  let length = 0;
  for (const _ of value) length++;
  return length;
}

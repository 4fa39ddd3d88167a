import type { FieldProblem } from "../../../kernel/problem.ts";
import { type Check, every, fault } from "./check.ts";
import { listChecks, objectChecks } from "./part-checks.ts";
import { isSchemaObject, type Reader, type Schema, schemaAt, schemaListAt, wrong } from "./read-schema.ts";
import { valueChecks } from "./value-checks.ts";

/** What is wrong with a value; empty when it holds. Pointers begin with `at`. */
export type SchemaCheck = (value: unknown, at: string) => readonly FieldProblem[];

export type SchemaOutcome =
  | { readonly ok: true; readonly check: SchemaCheck }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Kept out, since they would change what a schema means: they must not be passed over. */
const refused: Readonly<Record<string, string>> = {
  $dynamicRef: "References that move are not understood.",
  $recursiveRef: "References that move are not understood.",
  unevaluatedItems: "Use items with prefixItems.",
  unevaluatedProperties: "Use additionalProperties.",
  dependencies: "Use dependentRequired or dependentSchemas.",
  additionalItems: "Use items with prefixItems.",
};
const mostErrors = 20;
/** Schemas looked at for one value: one that fans out, or long lists under many of them, can't hold up a source. */
const mostSteps = 200_000;

class TooCostly extends Error {}

/**
 * Compiles a JSON Schema (draft 2020-12) once into closures: no code is made at run time and patterns are RE2's, so the
 * cost of a check is bounded. `format` is checked for `date-time` only. References stay within the schema. What isn't
 * understood is told with a pointer rather than passed over.
 */
export function compileSchema(root: unknown): SchemaOutcome {
  const compiler = new SchemaCompiler(root);
  const check = compiler.compile(root, "", new Set());
  if (compiler.problems.length > 0) return { ok: false, problems: compiler.problems };
  return { ok: true, check: (value, at) => compiler.run(check, value, at) };
}

class SchemaCompiler {
  readonly problems: FieldProblem[] = [];
  private readonly root: unknown;
  private readonly known = new Map<Schema, { check: Check | undefined }>();
  private steps = 0;

  constructor(root: unknown) {
    this.root = root;
  }

  run(check: Check, value: unknown, at: string): readonly FieldProblem[] {
    try {
      this.steps = 0;
      if (check(value, undefined)) return [];
      this.steps = 0;
      const errors: FieldProblem[] = [];
      check(value, { at, errors });
      const unnamed = { pointer: at, code: "schema", message: "This does not fit its schema." };
      return errors.length > 0 ? errors.slice(0, mostErrors) : [unnamed];
    } catch (error) {
      if (!(error instanceof TooCostly)) throw error;
      return [{ pointer: at, code: "too_costly", message: "Checking this takes too many steps." }];
    }
  }

  /** `open` are the schemas about this very value that lead here: a reference back to one would never end. */
  compile(schema: unknown, at: string, open: ReadonlySet<Schema>): Check {
    if (schema === true) return () => true;
    if (schema === false) return (_, trail) => fault(trail, "not_allowed", "This may not be there.");
    if (!isSchemaObject(schema)) {
      this.problems.push({ pointer: at, code: "schema", message: "A schema is an object or a boolean." });
      return () => true;
    }
    const entry = this.known.get(schema);
    if (entry) return entry.check ?? ((value, trail) => entry.check?.(value, trail) ?? true);
    const fresh: { check: Check | undefined } = { check: undefined };
    this.known.set(schema, fresh);
    const within = new Set([...open, schema]);
    const reader: Reader = {
      at,
      problems: this.problems,
      sub: (inner, path, isPart) => this.compile(inner, `${at}/${path}`, isPart ? new Set() : within),
    };
    for (const [keyword, message] of Object.entries(refused))
      if (schema[keyword] !== undefined) wrong(reader, keyword, message);
    const whole = every([
      ...valueChecks(schema, reader),
      ...objectChecks(schema, reader),
      ...listChecks(schema, reader),
      ...this.combined(schema, reader, within),
    ]);
    const check: Check = (value, trail) => {
      if (++this.steps > mostSteps) throw new TooCostly();
      return whole(value, trail);
    };
    fresh.check = check;
    return check;
  }

  private combined(schema: Schema, reader: Reader, within: ReadonlySet<Schema>): Check[] {
    const any = schemaListAt(schema, "anyOf", reader, false);
    const one = schemaListAt(schema, "oneOf", reader, false);
    const not = schemaAt(schema, "not", reader, false);
    const [condition, yes, no] = ["if", "then", "else"].map((name) => schemaAt(schema, name, reader, false));
    const checks: (Check | undefined)[] = [
      this.reference(schema, reader, within),
      ...schemaListAt(schema, "allOf", reader, false),
      any.length === 0 ? undefined : anyCheck(any),
      one.length === 0 ? undefined : oneCheck(one),
      not && ((value, trail) => !not(value, undefined) || fault(trail, "not", "This may not be so.")),
      condition &&
        ((value, trail) => ((condition(value, undefined) ? yes : no) ?? (() => true))(value, trail)),
    ];
    return checks.filter((check) => check !== undefined);
  }

  private reference(schema: Schema, reader: Reader, within: ReadonlySet<Schema>): Check | undefined {
    const { $ref } = schema;
    if ($ref === undefined) return undefined;
    const target = typeof $ref === "string" ? this.resolve($ref) : undefined;
    if (target === undefined)
      return wrong(reader, "$ref", "A reference is a JSON pointer into this schema, such as #/$defs/name.");
    if (isSchemaObject(target) && within.has(target))
      return wrong(reader, "$ref", "The reference leads back to itself.");
    return this.compile(target, `${reader.at}/$ref`, within);
  }

  private resolve(ref: string): unknown {
    if (ref !== "#" && !ref.startsWith("#/")) return undefined;
    let at = this.root;
    for (const part of ref.split("/").slice(1)) {
      const name = decode(part).replaceAll("~1", "/").replaceAll("~0", "~");
      if (at === null || typeof at !== "object" || !Object.hasOwn(at, name)) return undefined;
      at = Reflect.get(at, name);
    }
    return at;
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const anyCheck =
  (checks: readonly Check[]): Check =>
  (value, trail) =>
    checks.some((check) => check(value, undefined)) ||
    (checks.length === 1 && checks[0] !== undefined
      ? checks[0](value, trail)
      : fault(trail, "anyOf", "This fits none of the schemas that it may fit."));

const oneCheck =
  (checks: readonly Check[]): Check =>
  (value, trail) => {
    const fitting = checks.filter((check) => check(value, undefined)).length;
    return fitting === 1 || fault(trail, "oneOf", `This fits ${fitting} of the schemas, and not just one.`);
  };

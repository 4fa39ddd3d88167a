import { RE2JS } from "@bufbuild/re2";
import type { FieldProblem } from "../../../kernel/problem.ts";
import type { Check } from "./check.ts";
import { escapeName } from "./check.ts";

export type Schema = Readonly<Record<string, unknown>>;

/** What the keywords of a schema need of the compiler: a schema below them, and where to say what is wrong. */
export interface Reader {
  /** The pointer of the schema that is read. */
  readonly at: string;
  readonly problems: FieldProblem[];
  /** Compiles a schema below; `inner` when it is about a part of the value, not the value itself. */
  sub(schema: unknown, path: string, inner: boolean): Check;
}

export function isSchemaObject(value: unknown): value is Schema {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

export function wrong(reader: Reader, keyword: string, message: string): undefined {
  reader.problems.push({ pointer: `${reader.at}/${escapeName(keyword)}`, code: "schema", message });
  return undefined;
}

/** A whole number of at least zero, as the keywords of sizes have it. */
export function sizeAt(schema: Schema, keyword: string, reader: Reader): number | undefined {
  const value = schema[keyword];
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  return wrong(reader, keyword, "This is a whole number of at least 0.");
}

export function numberAt(schema: Schema, keyword: string, reader: Reader): number | undefined {
  const value = schema[keyword];
  if (value === undefined || typeof value === "number") return value;
  return wrong(reader, keyword, "This is a number.");
}

/** An object of schemas by name, each compiled. */
export function schemasAt(
  schema: Schema,
  keyword: string,
  reader: Reader,
  inner = true,
): ReadonlyMap<string, Check> {
  const value = schema[keyword];
  if (value === undefined) return new Map();
  if (!isSchemaObject(value)) {
    wrong(reader, keyword, "This is an object of schemas.");
    return new Map();
  }
  return new Map(
    Object.entries(value).map(([name, member]) => [
      name,
      reader.sub(member, `${keyword}/${escapeName(name)}`, inner),
    ]),
  );
}

/** A list of schemas, each compiled. */
export function schemaListAt(
  schema: Schema,
  keyword: string,
  reader: Reader,
  inner: boolean,
): readonly Check[] {
  const value = schema[keyword];
  if (value === undefined) return [];
  if (Array.isArray(value) && value.length > 0)
    return value.map((member, index) => reader.sub(member, `${keyword}/${index}`, inner));
  wrong(reader, keyword, "This is a list of schemas.");
  return [];
}

/** The schema of a keyword, compiled; undefined when there is none. */
export function schemaAt(schema: Schema, keyword: string, reader: Reader, inner: boolean): Check | undefined {
  return schema[keyword] === undefined ? undefined : reader.sub(schema[keyword], keyword, inner);
}

export interface Pattern {
  test(text: string): boolean;
}

const longestPattern = 1_000;

/** A pattern in the syntax of RE2, searched for in time linear in a text. */
export function patternOf(source: unknown, keyword: string, reader: Reader): Pattern | undefined {
  if (typeof source !== "string" || source.length > longestPattern)
    return wrong(reader, keyword, `A pattern is text of at most ${longestPattern} characters.`);
  try {
    return RE2JS.compile(source);
  } catch (error) {
    const told = error instanceof Error ? error.message : "unreadable";
    return wrong(reader, keyword, `The pattern is not of RE2 syntax: ${told}.`);
  }
}

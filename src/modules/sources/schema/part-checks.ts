import { canonicalJson } from "../../../kernel/json.ts";
import { below, type Check, fault } from "./check.ts";
import {
  isSchemaObject,
  patternOf,
  type Reader,
  type Schema,
  schemaAt,
  schemaListAt,
  schemasAt,
  sizeAt,
  wrong,
} from "./read-schema.ts";

/** The keywords of objects. */
export function objectChecks(schema: Schema, reader: Reader): Check[] {
  return [
    requiredCheck(schema, reader),
    propertiesCheck(schema, reader),
    namesCheck(schema, reader),
    dependentCheck(schema, reader),
    sizeCheck(schema, reader, "minProperties", (size, limit) => size >= limit, "at least"),
    sizeCheck(schema, reader, "maxProperties", (size, limit) => size <= limit, "at most"),
  ].filter((check) => check !== undefined);
}

const textList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

function requiredCheck({ required }: Schema, reader: Reader): Check | undefined {
  if (required === undefined) return undefined;
  if (!textList(required)) return wrong(reader, "required", "This is a list of names.");
  return (value, trail) => {
    if (!isSchemaObject(value)) return true;
    const missing = required.filter((name) => !Object.hasOwn(value, name));
    for (const name of missing) fault(below(trail, name), "required", "This is missing.");
    return missing.length === 0;
  };
}

function propertiesCheck(schema: Schema, reader: Reader): Check | undefined {
  const named = schemasAt(schema, "properties", reader);
  const patterns = [...schemasAt(schema, "patternProperties", reader)].flatMap(([source, check]) => {
    const pattern = patternOf(source, "patternProperties", reader);
    return pattern ? [{ pattern, check }] : [];
  });
  const rest = schemaAt(schema, "additionalProperties", reader, true);
  if (named.size === 0 && patterns.length === 0 && rest === undefined) return undefined;
  return (value, trail) => {
    if (!isSchemaObject(value)) return true;
    let holds = true;
    for (const name in value) {
      const own = named.get(name);
      const matching = patterns.filter(({ pattern }) => pattern.test(name)).map(({ check }) => check);
      const checks = own ? [own, ...matching] : matching;
      if (checks.length === 0 && rest) checks.push(rest);
      for (const check of checks) {
        if (check(value[name], below(trail, name))) continue;
        if (trail === undefined) return false;
        holds = false;
      }
    }
    return holds;
  };
}

function namesCheck(schema: Schema, reader: Reader): Check | undefined {
  const check = schemaAt(schema, "propertyNames", reader, true);
  if (check === undefined) return undefined;
  return (value, trail) =>
    !isSchemaObject(value) ||
    Object.keys(value).filter((name) => !check(name, below(trail, name))).length === 0;
}

function dependentCheck(schema: Schema, reader: Reader): Check | undefined {
  const schemas = schemasAt(schema, "dependentSchemas", reader, false);
  const { dependentRequired = {} } = schema;
  if (!isSchemaObject(dependentRequired) || !Object.values(dependentRequired).every(textList))
    return wrong(reader, "dependentRequired", "This is an object of lists of names.");
  const names = Object.entries(dependentRequired as Readonly<Record<string, readonly string[]>>);
  if (schemas.size === 0 && names.length === 0) return undefined;
  return (value, trail) => {
    if (!isSchemaObject(value)) return true;
    const missing = names
      .filter(([name]) => Object.hasOwn(value, name))
      .flatMap(([, wanted]) => wanted.filter((name) => !Object.hasOwn(value, name)));
    for (const name of missing) fault(below(trail, name), "required", "This is missing.");
    const failing = [...schemas].filter(
      ([name, check]) => Object.hasOwn(value, name) && !check(value, trail),
    );
    return missing.length === 0 && failing.length === 0;
  };
}

function sizeCheck(
  schema: Schema,
  reader: Reader,
  keyword: "minProperties" | "maxProperties" | "minItems" | "maxItems",
  test: (size: number, limit: number) => boolean,
  words: string,
): Check | undefined {
  const limit = sizeAt(schema, keyword, reader);
  if (limit === undefined) return undefined;
  const lists = keyword.endsWith("Items");
  return (value, trail) => {
    const size = lists
      ? Array.isArray(value) && value.length
      : isSchemaObject(value) && Object.keys(value).length;
    return (
      size === false || test(size, limit) || fault(trail, keyword, `This has ${words} ${limit} members.`)
    );
  };
}

/** The keywords of lists. */
export function listChecks(schema: Schema, reader: Reader): Check[] {
  return [
    itemsCheck(schema, reader),
    containsCheck(schema, reader),
    sizeCheck(schema, reader, "minItems", (size, limit) => size >= limit, "at least"),
    sizeCheck(schema, reader, "maxItems", (size, limit) => size <= limit, "at most"),
    schema.uniqueItems === true ? uniqueCheck : undefined,
  ].filter((check) => check !== undefined);
}

function itemsCheck(schema: Schema, reader: Reader): Check | undefined {
  if (Array.isArray(schema.items))
    return wrong(reader, "items", "A list of schemas by place is called prefixItems.");
  const prefix = schemaListAt(schema, "prefixItems", reader, true);
  const rest = schemaAt(schema, "items", reader, true);
  if (prefix.length === 0 && rest === undefined) return undefined;
  return (value, trail) => {
    if (!Array.isArray(value)) return true;
    let holds = true;
    for (const [index, item] of value.entries()) {
      const check = prefix[index] ?? rest;
      if (check === undefined || check(item, below(trail, index))) continue;
      if (trail === undefined) return false;
      holds = false;
    }
    return holds;
  };
}

function containsCheck(schema: Schema, reader: Reader): Check | undefined {
  const check = schemaAt(schema, "contains", reader, true);
  const least = sizeAt(schema, "minContains", reader) ?? 1;
  const most = sizeAt(schema, "maxContains", reader) ?? Number.POSITIVE_INFINITY;
  if (check === undefined) return undefined;
  return (value, trail) => {
    if (!Array.isArray(value)) return true;
    const found = value.filter((item) => check(item, undefined)).length;
    return (found >= least && found <= most) || fault(trail, "contains", `${found} of the members match.`);
  };
}

const uniqueCheck: Check = (value, trail) =>
  !Array.isArray(value) ||
  new Set(value.map((item) => canonicalJson(item))).size === value.length ||
  fault(trail, "uniqueItems", "A member is there twice.");

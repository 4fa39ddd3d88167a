import { isRecord, type Json, same } from "./json.ts";
import type { Cause } from "./status-error.ts";

/** What is wrong with a value, in the words of the API server. Nothing of it: an empty list. */
export function violationsOf(schema: Json, value: unknown, path = ""): Cause[] {
  if (value === null && schema["nullable"] === true) return [];
  const wrongType = typeViolation(schema, value, path);
  if (wrongType) return [wrongType];
  const found = [...valueViolations(schema, value, path), ...logicViolations(schema, value, path)];
  if (Array.isArray(value)) return [...found, ...itemViolations(schema, value, path)];
  if (isRecord(value)) return [...found, ...fieldViolations(schema, value, path)];
  return found;
}

function shown(value: unknown): string {
  return typeof value === "object"
    ? JSON.stringify(value)
    : typeof value === "string"
      ? `"${value}"`
      : String(value);
}

function wrong(path: string, value: unknown, why: string): Cause {
  return {
    reason: "FieldValueInvalid",
    message: `Invalid value: ${shown(value)}: ${why}`,
    field: path || "<nil>",
  };
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function typeViolation(schema: Json, value: unknown, path: string): Cause | undefined {
  const actual = typeOf(value);
  const refused = (wanted: string): Cause => ({
    reason: "FieldValueTypeInvalid",
    message: `Invalid value: "${actual}": ${path} in body must be of type ${wanted}: "${actual}"`,
    field: path || "<nil>",
  });
  if (schema["x-kubernetes-int-or-string"] === true) {
    return actual === "integer" || actual === "string" ? undefined : refused("integer,string");
  }
  const wanted = schema["type"];
  if (typeof wanted !== "string" || wanted === actual) return undefined;
  return wanted === "number" && actual === "integer" ? undefined : refused(wanted);
}

function valueViolations(schema: Json, value: unknown, path: string): Cause[] {
  const allowed = schema["enum"];
  if (Array.isArray(allowed) && !allowed.some((one) => same(one, value))) {
    const names = allowed.map((one) => shown(one)).join(", ");
    const message = `Unsupported value: ${shown(value)}: supported values: ${names}`;
    return [{ reason: "FieldValueNotSupported", message, field: path }];
  }
  if (typeof value === "number") return numberViolations(schema, value, path);
  return typeof value === "string" ? textViolations(schema, value, path) : [];
}

function numberViolations(schema: Json, value: number, path: string): Cause[] {
  const { minimum, maximum, multipleOf, exclusiveMinimum, exclusiveMaximum } = schema;
  const found: Cause[] = [];
  const low = exclusiveMinimum === true ? "greater than" : "greater than or equal to";
  const high = exclusiveMaximum === true ? "less than" : "less than or equal to";
  if (typeof minimum === "number" && (value < minimum || (exclusiveMinimum === true && value === minimum))) {
    found.push(wrong(path, value, `${path} in body should be ${low} ${minimum}`));
  }
  if (typeof maximum === "number" && (value > maximum || (exclusiveMaximum === true && value === maximum))) {
    found.push(wrong(path, value, `${path} in body should be ${high} ${maximum}`));
  }
  if (typeof multipleOf === "number" && value % multipleOf !== 0) {
    found.push(wrong(path, value, `${path} in body should be a multiple of ${multipleOf}`));
  }
  return found;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  byte: (text) => BASE64.test(text.replace(/[\r\n]/g, "")),
  "date-time": (text) => !Number.isNaN(Date.parse(text)),
};

function textViolations(schema: Json, value: string, path: string): Cause[] {
  const { minLength, maxLength, pattern, format } = schema;
  const found: Cause[] = [];
  if (typeof minLength === "number" && value.length < minLength) {
    found.push(wrong(path, value, `${path} in body should be at least ${minLength} chars long`));
  }
  if (typeof maxLength === "number" && value.length > maxLength) {
    found.push({
      reason: "FieldValueTooLong",
      message: `Too long: may not be more than ${maxLength} bytes`,
      field: path,
    });
  }
  if (typeof pattern === "string" && !new RegExp(pattern, "u").test(value)) {
    found.push(wrong(path, value, `${path} in body should match '${pattern}'`));
  }
  if (typeof format === "string" && FORMATS[format]?.(value) === false) {
    found.push(wrong(path, value, `${path} in body must be of type ${format}: "${value}"`));
  }
  return found;
}

function itemViolations(schema: Json, value: readonly unknown[], path: string): Cause[] {
  const { items, minItems, maxItems, uniqueItems } = schema;
  const found: Cause[] = [];
  if (typeof minItems === "number" && value.length < minItems) {
    found.push(wrong(path, value.length, `${path} in body should have at least ${minItems} items`));
  }
  if (typeof maxItems === "number" && value.length > maxItems) {
    const message = `Too many: ${value.length}: must have at most ${maxItems} items`;
    found.push({ reason: "FieldValueTooMany", message, field: path });
  }
  const keys = keysOf(schema);
  if (keys || uniqueItems === true || schema["x-kubernetes-list-type"] === "set") {
    found.push(...duplicates(value, path, keys));
  }
  if (isRecord(items)) {
    value.forEach((item, index) => {
      found.push(...violationsOf(items, item, `${path}[${index}]`));
    });
  }
  return found;
}

function keysOf(schema: Json): string[] | undefined {
  const keys = schema["x-kubernetes-list-map-keys"];
  return schema["x-kubernetes-list-type"] === "map" && Array.isArray(keys) ? keys.map(String) : undefined;
}

function duplicates(value: readonly unknown[], path: string, keys: readonly string[] | undefined): Cause[] {
  const identities = value.map((item) =>
    keys && isRecord(item) ? Object.fromEntries(keys.map((key) => [key, item[key]])) : item,
  );
  return identities.flatMap((identity, index) =>
    identities.slice(0, index).some((earlier) => same(earlier, identity))
      ? [
          {
            reason: "FieldValueDuplicate",
            message: `Duplicate value: ${shown(identity)}`,
            field: `${path}[${index}]`,
          },
        ]
      : [],
  );
}

function fieldViolations(schema: Json, value: Json, path: string): Cause[] {
  const at = (key: string) => (path === "" ? key : `${path}.${key}`);
  const found: Cause[] = [];
  const { required, properties, additionalProperties, maxProperties } = schema;
  if (Array.isArray(required)) {
    for (const key of required.map(String)) {
      if (value[key] === undefined) {
        found.push({ reason: "FieldValueRequired", message: "Required value", field: at(key) });
      }
    }
  }
  if (typeof maxProperties === "number" && Object.keys(value).length > maxProperties) {
    const message = `Too many: ${Object.keys(value).length}: must have at most ${maxProperties} items`;
    found.push({ reason: "FieldValueTooMany", message, field: path });
  }
  const known = isRecord(properties) ? properties : {};
  for (const [key, inner] of Object.entries(value)) {
    if (path === "" && key === "metadata") continue;
    const innerSchema = Object.hasOwn(known, key) ? known[key] : additionalProperties;
    if (isRecord(innerSchema) && inner !== undefined)
      found.push(...violationsOf(innerSchema, inner, at(key)));
  }
  return found;
}

function logicViolations(schema: Json, value: unknown, path: string): Cause[] {
  const schemasOf = (field: string): Json[] => {
    const list = schema[field];
    return Array.isArray(list) ? list.filter(isRecord) : [];
  };
  const holds = (one: Json) => violationsOf(one, value, path).length === 0;
  const found = schemasOf("allOf").flatMap((one) => violationsOf(one, value, path));
  const any = schemasOf("anyOf");
  if (any.length > 0 && !any.some(holds)) {
    found.push(wrong(path, value, `${path} in body must validate at least one schema (anyOf)`));
  }
  const one = schemasOf("oneOf");
  if (one.length > 0 && one.filter(holds).length !== 1) {
    found.push(wrong(path, value, `${path} in body must validate one and only one schema (oneOf)`));
  }
  const not = schema["not"];
  if (isRecord(not) && holds(not)) {
    found.push(wrong(path, value, `${path} in body must not validate the schema (not)`));
  }
  return found;
}

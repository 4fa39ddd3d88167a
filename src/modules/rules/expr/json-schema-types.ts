import { type CelType, celTypes, listOf, mapTo } from "./values/type.ts";

/**
 * The CEL type of values that a JSON Schema (draft 2020-12) describes: `integer` is int, `number` double, `string` of
 * format `date-time` timestamp. Null beside a type is allowed. What a single type can't say (`anyOf`, …) is `dyn`.
 */
export function typeOfJsonSchema(schema: unknown): CelType {
  return typeAt(schema, schema, 0);
}

function typeAt(schema: unknown, root: unknown, depth: number): CelType {
  if (!isRecord(schema) || depth > 16) return celTypes.dyn;
  const { $ref } = schema;
  if (typeof $ref === "string") return typeAt(resolve(root, $ref), root, depth + 1);
  switch (namedType(schema)) {
    case "integer":
      return celTypes.int;
    case "number":
      return celTypes.double;
    case "boolean":
      return celTypes.bool;
    case "null":
      return celTypes.null;
    case "string":
      return schema.format === "date-time" ? celTypes.timestamp : celTypes.string;
    case "array":
      return listOf(typeAt(schema.items, root, depth + 1));
    case "object":
      return objectType(schema, root, depth);
    default:
      return celTypes.dyn;
  }
}

function namedType(schema: Record<string, unknown>): unknown {
  const { type } = schema;
  if (!Array.isArray(type)) return type ?? (isRecord(schema.properties) ? "object" : undefined);
  const named = type.filter((name) => name !== "null");
  return named.length === 1 ? named[0] : undefined;
}

function objectType(schema: Record<string, unknown>, root: unknown, depth: number): CelType {
  const { properties, additionalProperties } = schema;
  if (!isRecord(properties)) {
    return mapTo(
      isRecord(additionalProperties) ? typeAt(additionalProperties, root, depth + 1) : celTypes.dyn,
    );
  }
  const fields: Record<string, CelType> = Object.create(null);
  for (const [name, field] of Object.entries(properties)) fields[name] = typeAt(field, root, depth + 1);
  return { kind: "object", fields, open: additionalProperties !== false };
}

function resolve(root: unknown, ref: string): unknown {
  if (!ref.startsWith("#")) return undefined;
  const parts = ref.slice(1).split("/").slice(1);
  let at = root;
  for (const part of parts) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    at = isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  }
  return at;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

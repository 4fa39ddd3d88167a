import * as z from "zod";

/** Bounds that some providers refuse in constrained output; the parser still checks them. */
const bounds = new Set([
  "$schema",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "pattern",
  "format",
  "minItems",
  "maxItems",
  "default",
]);

/** The JSON Schema of an answer in the subset that every provider's constrained output accepts. */
export function jsonSchemaOf(schema: z.ZodType): Readonly<Record<string, unknown>> {
  return plainSchema(z.toJSONSchema(schema));
}

function plainSchema(schema: object): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (bounds.has(key)) continue;
    if (key === "properties" || key === "$defs") kept[key] = eachSchema(value);
    else if (key === "items" || key === "additionalProperties")
      kept[key] = isObject(value) ? plainSchema(value) : value;
    else if (Array.isArray(value))
      kept[key] = value.map((item) => (isObject(item) ? plainSchema(item) : item));
    else kept[key] = value;
  }
  return kept;
}

function eachSchema(schemas: unknown): Record<string, unknown> {
  if (!isObject(schemas)) return {};
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, isObject(schema) ? plainSchema(schema) : schema]),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

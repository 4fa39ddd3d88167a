import { copyOf, isRecord, type Json } from "./json.ts";

const ROOT_FIELDS = ["apiVersion", "kind", "metadata"];

/** Removes in place what the schema does not name, and tells the paths of what it removed. */
export function pruneUnknown(schema: Json, object: Json): string[] {
  const removed: string[] = [];
  const { apiVersion, kind, metadata, ...rest } = object;
  pruneRecord(schema, rest, "", removed);
  for (const key of Object.keys(object)) if (!ROOT_FIELDS.includes(key) && !(key in rest)) delete object[key];
  return removed;
}

function prune(schema: Json, value: unknown, path: string, removed: string[]): void {
  if (Array.isArray(value)) {
    const items = schema["items"];
    if (!isRecord(items)) return;
    for (const [index, item] of value.entries()) prune(items, item, `${path}[${index}]`, removed);
  } else if (isRecord(value)) pruneRecord(schema, value, path, removed);
}

function pruneRecord(schema: Json, value: Json, path: string, removed: string[]): void {
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  const additional = schema["additionalProperties"];
  const embedded = schema["x-kubernetes-embedded-resource"] === true;
  const keepsAll = schema["x-kubernetes-preserve-unknown-fields"] === true || additional === true;
  for (const [key, inner] of Object.entries(value)) {
    const at = path === "" ? key : `${path}.${key}`;
    const known = Object.hasOwn(properties, key) ? properties[key] : additional;
    if (isRecord(known)) prune(known, inner, at, removed);
    else if (!keepsAll && !(embedded && ROOT_FIELDS.includes(key))) {
      delete value[key];
      removed.push(at);
    }
  }
}

/** Fills in place the defaults of what is absent, and removes nulls that stand where a default belongs. */
export function fillDefaults(schema: Json, value: unknown): void {
  if (Array.isArray(value)) {
    const items = schema["items"];
    if (isRecord(items)) for (const item of value) fillDefaults(items, item);
    return;
  }
  if (!isRecord(value)) return;
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  for (const [key, inner] of Object.entries(properties)) {
    if (!isRecord(inner)) continue;
    const nullIsNoValue = value[key] === null && inner["nullable"] !== true;
    if ("default" in inner && (value[key] === undefined || nullIsNoValue))
      value[key] = copyOf(inner["default"]);
    if (value[key] !== undefined) fillDefaults(inner, value[key]);
  }
  const additional = schema["additionalProperties"];
  if (!isRecord(additional)) return;
  for (const [key, inner] of Object.entries(value)) if (!(key in properties)) fillDefaults(additional, inner);
}

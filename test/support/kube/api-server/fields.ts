import type { Kind, KubeObject } from "../words.ts";
import { isRecord, type Json } from "./json.ts";
import { fieldOf, identityOf, isAtomicMap, itemOf, listRuleAt, type Spot, topOf } from "./list-rules.ts";

/**
 * The fields of an object that somebody can own: path to value. A path is made of elements as FieldsV1 names them
 * (`f:spec`, `k:{"name":"a"}`, `v:"x"`), joined by line feeds; the presence of a list's item is a field of its own.
 */
export type Fields = ReadonlyMap<string, unknown>;

const SYSTEM_METADATA = [
  "name",
  "namespace",
  "generateName",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "managedFields",
  "selfLink",
];
const PRESENT = Symbol("present");

export function fieldsOf(kind: Kind, object: KubeObject): Fields {
  const { apiVersion: _version, kind: _kind, metadata, ...rest } = object as Json;
  const owned = isRecord(metadata)
    ? Object.fromEntries(Object.entries(metadata).filter(([key]) => !SYSTEM_METADATA.includes(key)))
    : {};
  const found = new Map<string, unknown>();
  const top = topOf(kind);
  gatherRecord(found, top, [], Object.keys(owned).length > 0 ? { metadata: owned, ...rest } : rest);
  return found;
}

function gatherRecord(found: Map<string, unknown>, spot: Spot, path: readonly string[], value: Json): void {
  for (const [key, inner] of Object.entries(value)) {
    if (inner !== undefined) gather(found, fieldOf(spot, key), [...path, `f:${key}`], key, inner);
  }
}

function gather(
  found: Map<string, unknown>,
  spot: Spot,
  path: readonly string[],
  field: string,
  value: unknown,
): void {
  if (isRecord(value) && Object.keys(value).length > 0 && !isAtomicMap(spot)) {
    gatherRecord(found, spot, path, value);
    return;
  }
  const rule = Array.isArray(value) ? listRuleAt(spot, field, value) : undefined;
  if (!Array.isArray(value) || !rule || rule.is === "atomic" || value.length === 0) {
    found.set(path.join("\n"), value);
    return;
  }
  for (const item of value) {
    const identity = identityOf(rule, item);
    const at = [...path, identity ? `k:${JSON.stringify(identity)}` : `v:${JSON.stringify(item)}`];
    found.set(at.join("\n"), PRESENT);
    if (identity && isRecord(item)) gatherRecord(found, itemOf(spot), at, item);
  }
}

/** Paths as FieldsV1 nests them. */
export function encodeFields(paths: Iterable<string>): Json {
  const top: Json = {};
  for (const path of [...paths].sort()) {
    let at = top;
    for (const element of path.split("\n")) {
      const next = at[element];
      const made: Json = isRecord(next) ? next : {};
      at[element] = made;
      at = made;
    }
    if (/^[kv]:/.test(path.split("\n").at(-1) ?? "")) at["."] = {};
  }
  return top;
}

export function decodeFields(nested: unknown): Set<string> {
  const found = new Set<string>();
  const read = (value: unknown, path: readonly string[]) => {
    const entries = isRecord(value) ? Object.entries(value) : [];
    if (entries.length === 0 && path.length > 0) found.add(path.join("\n"));
    for (const [key, inner] of entries) {
      if (key === ".") found.add(path.join("\n"));
      else read(inner, [...path, key]);
    }
  };
  read(nested, []);
  return found;
}

/** `.spec.containers[name="a"].image`: how conflicts name a field. */
export function shownPath(path: string): string {
  return path
    .split("\n")
    .map((element) => {
      const text = element.slice(2);
      if (element.startsWith("f:")) return `.${text}`;
      if (element.startsWith("v:")) return `[=${text}]`;
      const identity: unknown = JSON.parse(text);
      const keys = Object.entries(isRecord(identity) ? identity : {});
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(",")}]`;
    })
    .join("");
}

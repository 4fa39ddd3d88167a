import type { Kind, KubeObject } from "../words.ts";
import { copyOf, isRecord, type Json, same } from "./json.ts";
import { fieldOf, identityOf, isAtomicMap, itemOf, listRuleAt, type Spot, topOf } from "./list-rules.ts";

/** What is stored, with everything that a configuration says laid over it. */
export function layOver(kind: Kind, stored: KubeObject, configuration: KubeObject): KubeObject {
  return overRecord(topOf(kind), stored, configuration) as KubeObject;
}

function overRecord(spot: Spot, stored: Json, wanted: Json): Json {
  const merged: Json = { ...stored };
  for (const [key, value] of Object.entries(wanted)) {
    if (value === null) delete merged[key];
    else if (value !== undefined) merged[key] = over(fieldOf(spot, key), key, stored[key], value);
  }
  return merged;
}

function over(spot: Spot, field: string, stored: unknown, wanted: unknown): unknown {
  if (isRecord(wanted) && isRecord(stored) && !isAtomicMap(spot)) return overRecord(spot, stored, wanted);
  if (!Array.isArray(wanted) || !Array.isArray(stored)) return copyOf(wanted);
  const rule = listRuleAt(spot, field, wanted);
  if (rule.is === "atomic") return copyOf(wanted);
  const merged = [...stored];
  for (const item of wanted) {
    const identity = identityOf(rule, item) ?? item;
    const index = merged.findIndex((one) => same(identityOf(rule, one) ?? one, identity));
    const found = merged[index];
    if (index < 0) merged.push(copyOf(item));
    else if (isRecord(found) && isRecord(item)) merged[index] = overRecord(itemOf(spot), found, item);
  }
  return merged;
}

/** Takes a field out of an object, in place, and the parents that it leaves empty. */
export function takeOut(object: Json, path: readonly string[]): void {
  const [element = "", ...rest] = path;
  const key = element.slice(2);
  const inner = object[key];
  if (rest.length === 0) {
    delete object[key];
    return;
  }
  if (Array.isArray(inner)) takeOutOfList(inner, rest);
  else if (isRecord(inner)) takeOut(inner, rest);
  if (isEmpty(object[key])) delete object[key];
}

function takeOutOfList(list: unknown[], [element = "", ...rest]: readonly string[]): void {
  const identity: unknown = JSON.parse(element.slice(2));
  const index = list.findIndex((item) => isThat(item, identity));
  const item = list[index];
  if (index < 0) return;
  if (rest.length === 0) list.splice(index, 1);
  else if (isRecord(item)) takeOut(item, rest);
}

function isThat(item: unknown, identity: unknown): boolean {
  if (!isRecord(identity)) return same(item, identity);
  return isRecord(item) && Object.entries(identity).every(([key, value]) => same(item[key], value));
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;
}

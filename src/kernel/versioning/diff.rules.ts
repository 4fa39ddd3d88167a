import { canonicalJson } from "../json.ts";
import { jsonPointer } from "../problem.ts";

/** One difference between two values, at an RFC 6901 pointer; the operations of RFC 6902 that are needed. */
export type Difference =
  | { readonly op: "add"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string; readonly before: unknown }
  | { readonly op: "replace"; readonly path: string; readonly before: unknown; readonly value: unknown };

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/**
 * What changed from one JSON value to another, in the order of the keys. Objects are compared by member; lists by
 * place, after their common beginning and end are left out, so that an insertion shows as one.
 */
export function differences(
  before: unknown,
  after: unknown,
  path: readonly PropertyKey[] = [],
): Difference[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => memberDifference(before[key], after[key], [...path, key]));
  }
  if (Array.isArray(before) && Array.isArray(after)) return listDifferences(before, after, path);
  return [{ op: "replace", path: jsonPointer(path), before, value: after }];
}

function memberDifference(before: unknown, after: unknown, path: readonly PropertyKey[]): Difference[] {
  if (before === undefined)
    return after === undefined ? [] : [{ op: "add", path: jsonPointer(path), value: after }];
  if (after === undefined) return [{ op: "remove", path: jsonPointer(path), before }];
  return differences(before, after, path);
}

function listDifferences(
  before: readonly unknown[],
  after: readonly unknown[],
  path: readonly PropertyKey[],
): Difference[] {
  const a = before.map(canonicalJson);
  const b = after.map(canonicalJson);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end++;
  const middle = Math.max(a.length, b.length) - start - end;
  return Array.from({ length: middle }, (_, offset) => start + offset).flatMap((index) => {
    const old = index < a.length - end ? before[index] : undefined;
    const fresh = index < b.length - end ? after[index] : undefined;
    return memberDifference(old, fresh, [...path, index]);
  });
}

import { copyOf, isRecord, type Json, same } from "./json.ts";
import { builtInListRule, identityOf, type ListRule } from "./list-rules.ts";
import { badRequest } from "./status-error.ts";

const ORDER = "$setElementOrder/";
const REMOVALS = "$deleteFromPrimitiveList/";

/** A merge patch that knows the merge keys of Kubernetes' own lists, with its `$` directives. @throws StatusError 400 */
export function strategicMergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) throw badRequest("cannot unmarshal the patch into an object");
  return mergeRecord(isRecord(target) ? target : {}, patch);
}

function mergeRecord(target: Json, patch: Json): Json {
  if (patch["$patch"] === "replace") return withoutDirectives(patch);
  const retained = patch["$retainKeys"];
  const merged: Json = {};
  for (const [key, value] of Object.entries(target)) {
    if (!Array.isArray(retained) || retained.includes(key)) merged[key] = value;
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(REMOVALS)) dropValues(merged, key.slice(REMOVALS.length), value);
    else if (!key.startsWith("$")) mergeField(merged, key, value);
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(ORDER)) order(merged, key.slice(ORDER.length), value);
  }
  return merged;
}

function mergeField(merged: Json, key: string, value: unknown): void {
  if (value === null || (isRecord(value) && value["$patch"] === "delete")) {
    delete merged[key];
    return;
  }
  const old = merged[key];
  if (isRecord(value)) merged[key] = mergeRecord(isRecord(old) ? old : {}, value);
  else if (Array.isArray(value)) merged[key] = mergeList(key, Array.isArray(old) ? old : [], value);
  else merged[key] = value;
}

function mergeList(field: string, target: readonly unknown[], patch: readonly unknown[]): unknown[] {
  const rule = builtInListRule(field, [...target, ...patch]);
  const replaces = patch.some((item) => isRecord(item) && item["$patch"] === "replace");
  if (rule.is === "atomic" || replaces) {
    const items = patch.filter((item) => !(isRecord(item) && item["$patch"] === "replace" && isBare(item)));
    return copyOf(items.map((item) => (isRecord(item) ? withoutDirectives(item) : item)));
  }
  if (rule.is === "set")
    return [...target, ...patch.filter((item) => !target.some((one) => same(one, item)))];
  const merged = [...target];
  for (const item of patch) mergeItem(rule, merged, item);
  return merged;
}

function isBare(item: Json): boolean {
  return Object.keys(item).every((key) => key === "$patch");
}

function mergeItem(rule: ListRule & { is: "map" }, merged: unknown[], item: unknown): void {
  const identity = identityOf(rule, item);
  if (!identity || !isRecord(item)) {
    throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${rule.keys.join()}`);
  }
  const index = merged.findIndex((one) => same(identityOf(rule, one), identity));
  const found = merged[index];
  if (item["$patch"] === "delete") {
    if (index >= 0) merged.splice(index, 1);
  } else if (isRecord(found)) merged[index] = mergeRecord(found, item);
  else merged.push(mergeRecord({}, item));
}

function dropValues(merged: Json, field: string, values: unknown): void {
  const list = merged[field];
  if (!Array.isArray(list) || !Array.isArray(values)) return;
  merged[field] = list.filter((item) => !values.some((value) => same(value, item)));
}

/** The items that the patch names come in its order, before those that only the server knows. */
function order(merged: Json, field: string, wanted: unknown): void {
  const list = merged[field];
  if (!Array.isArray(list) || !Array.isArray(wanted)) return;
  const rule = builtInListRule(field, list);
  const placeOf = (item: unknown) => {
    const place = wanted.findIndex((one) =>
      rule.is === "map" ? same(identityOf(rule, one), identityOf(rule, item)) : same(one, item),
    );
    return place < 0 ? wanted.length : place;
  };
  merged[field] = [...list].sort((left, right) => placeOf(left) - placeOf(right));
}

function withoutDirectives(patch: Json): Json {
  return Object.fromEntries(
    Object.entries(copyOf(patch)).filter(([key, value]) => !key.startsWith("$") && value !== null),
  );
}

import type { Kind, KubeObject } from "../words.ts";
import { decodeFields, encodeFields, type Fields, fieldsOf } from "./fields.ts";
import { isRecord, type Json, same } from "./json.ts";
import { apiVersionOf } from "./kinds.ts";

/** Who writes a field, and when. */
export interface ManagerOfFields {
  readonly name: string;
  readonly at: string;
}

/** One entry of `managedFields`: what one manager owns by one way of writing. */
export interface Ownership {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly subresource: string | undefined;
  readonly apiVersion: string;
  readonly time: string;
  readonly paths: ReadonlySet<string>;
}

export function ownershipsOf(object: KubeObject | undefined): Ownership[] {
  return (object?.metadata.managedFields ?? []).filter(isRecord).map((entry) => ({
    manager: String(entry["manager"]),
    operation: entry["operation"] === "Apply" ? "Apply" : "Update",
    subresource: typeof entry["subresource"] === "string" ? entry["subresource"] : undefined,
    apiVersion: String(entry["apiVersion"]),
    time: String(entry["time"]),
    paths: decodeFields(entry["fieldsV1"]),
  }));
}

export function setOwnerships(object: KubeObject, ownerships: readonly Ownership[]): void {
  const entries = ownerships.filter(({ paths }) => paths.size > 0).map(entryOf);
  if (entries.length > 0) object.metadata.managedFields = entries;
  else delete object.metadata.managedFields;
}

function entryOf({ manager, operation, apiVersion, time, subresource, paths }: Ownership): Json {
  return {
    manager,
    operation,
    apiVersion,
    time,
    fieldsType: "FieldsV1",
    fieldsV1: encodeFields(paths),
    ...(subresource ? { subresource } : {}),
  };
}

/** Gives what a write changed to its manager, and takes it from the others. `next` is edited. */
export function trackUpdate(
  kind: Kind,
  next: KubeObject,
  old: KubeObject | undefined,
  manager: ManagerOfFields,
  subresource?: string,
): void {
  const before: Fields = old ? fieldsOf(kind, old) : new Map();
  const now = fieldsOf(kind, next);
  const changed = [...now].filter(([path, value]) => !before.has(path) || !same(before.get(path), value));
  const gained = new Set(changed.map(([path]) => path));
  const lost = new Set([...before.keys()].filter((path) => !now.has(path)));
  const isOurs = (one: Ownership) =>
    one.manager === manager.name && one.operation === "Update" && one.subresource === subresource;
  const known = ownershipsOf(old);
  const others = known.filter((one) => !isOurs(one)).map((one) => without(one, gained, lost));
  const ours = known.find(isOurs);
  const paths = new Set([...(ours?.paths ?? []), ...gained].filter((path) => !lost.has(path)));
  const isSame = ours !== undefined && gained.size === 0 && paths.size === ours.paths.size;
  const apiVersion = apiVersionOf(kind);
  const time = isSame ? ours.time : manager.at;
  const entry: Ownership = {
    manager: manager.name,
    operation: "Update",
    subresource,
    apiVersion,
    time,
    paths,
  };
  setOwnerships(next, [...others, entry]);
}

/** What is left of an ownership without these paths. */
export function without(one: Ownership, ...taken: readonly ReadonlySet<string>[]): Ownership {
  return { ...one, paths: new Set([...one.paths].filter((path) => !taken.some((paths) => paths.has(path)))) };
}

import type { KubeObject } from "./object.ts";

/** What stands at a path of an object, or undefined: objects of a cluster may lack any field. */
export function fieldAt(value: unknown, ...path: readonly (string | number)[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = (at as Record<string | number, unknown>)[key];
  }
  return at;
}

export function textAt(value: unknown, ...path: readonly (string | number)[]): string | null {
  const at = fieldAt(value, ...path);
  return typeof at === "string" && at !== "" ? at : null;
}

export function numberAt(value: unknown, ...path: readonly (string | number)[]): number | null {
  const at = fieldAt(value, ...path);
  return typeof at === "number" && Number.isFinite(at) ? at : null;
}

export function flagAt(value: unknown, ...path: readonly (string | number)[]): boolean | null {
  const at = fieldAt(value, ...path);
  return typeof at === "boolean" ? at : null;
}

export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const at = fieldAt(value, ...path);
  return Array.isArray(at) ? at : [];
}

export function textsAt(value: unknown, ...path: readonly (string | number)[]): string[] {
  return listAt(value, ...path).filter((one) => typeof one === "string");
}

/** The members of an object that are texts. */
export function textMapAt(value: unknown, ...path: readonly (string | number)[]): Record<string, string> {
  const at = fieldAt(value, ...path);
  if (typeof at !== "object" || at === null || Array.isArray(at)) return {};
  return Object.fromEntries(Object.entries(at).filter(([, one]) => typeof one === "string"));
}

/** A JSON text that stands in a field, as Harvester keeps lists in annotations; undefined when it isn't JSON. */
export function jsonAt(value: unknown, ...path: readonly (string | number)[]): unknown {
  const text = textAt(value, ...path);
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string | null;
  readonly message: string | null;
}

/** The conditions of a status. */
export function conditionsOf(object: unknown): readonly Condition[] {
  return listAt(object, "status", "conditions").flatMap((one) => {
    const type = textAt(one, "type");
    if (type === null) return [];
    return [
      {
        type,
        status: textAt(one, "status") ?? "Unknown",
        reason: textAt(one, "reason"),
        message: textAt(one, "message"),
      },
    ];
  });
}

export function conditionOf(object: unknown, type: string): Condition | undefined {
  return conditionsOf(object).find((one) => one.type === type);
}

/** The fields that every shape has. */
export function metaOf({ metadata }: KubeObject) {
  return {
    name: metadata.name,
    labels: { ...metadata.labels },
    createdAt: instantOf(metadata.creationTimestamp),
    resourceVersion: metadata.resourceVersion ?? "",
  };
}

/** An instant as the product writes them, or null. */
export function instantOf(text: unknown): string | null {
  if (typeof text !== "string") return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

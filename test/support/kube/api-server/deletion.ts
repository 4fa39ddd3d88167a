import type { DeleteOptions, Kind, KubeObject } from "../words.ts";
import { instant } from "./clock.ts";
import { copyOf, readPath } from "./json.ts";

export const FOREGROUND = "foregroundDeletion";
export const ORPHAN = "orphan";
const POD_GRACE_SECONDS = 30;

/** What a DELETE does to an object: nothing is left of it, or it is marked and waits. */
export type Deletion = { readonly gone: true } | { readonly gone: false; readonly marked: KubeObject };

/** Decides a DELETE at an instant in milliseconds. */
export function decideDeletion(
  kind: Kind,
  object: KubeObject,
  options: DeleteOptions,
  now: number,
): Deletion {
  const marked = copyOf(object);
  const { metadata } = marked;
  const grace = graceOf(kind, object, options);
  const finalizers = withPolicy(metadata.finalizers ?? [], options.propagationPolicy);
  if (finalizers.length > 0) metadata.finalizers = finalizers;
  else delete metadata.finalizers;
  const already = metadata.deletionTimestamp !== undefined;
  if (!already || grace < (metadata.deletionGracePeriodSeconds ?? 0)) {
    metadata.deletionTimestamp = instant(now + grace * 1000);
    metadata.deletionGracePeriodSeconds = grace;
  }
  if (!already && metadata.generation !== undefined) metadata.generation += 1;
  if (isNamespace(kind)) marked["status"] = { ...(marked["status"] ?? {}), phase: "Terminating" };
  return isFinished(kind, marked) ? { gone: true } : { gone: false, marked };
}

/** Whether an object that is being deleted waits for nothing any more. */
export function isFinished(kind: Kind, object: KubeObject): boolean {
  const { deletionTimestamp, finalizers = [], deletionGracePeriodSeconds = 0 } = object.metadata;
  if (deletionTimestamp === undefined || finalizers.length > 0 || deletionGracePeriodSeconds > 0)
    return false;
  const held = isNamespace(kind) ? readPath(object, "spec.finalizers") : undefined;
  return !Array.isArray(held) || held.length === 0;
}

export function isNamespace(kind: Kind): boolean {
  return kind.group === "" && kind.plural === "namespaces";
}

export function isPod(kind: Kind): boolean {
  return kind.group === "" && kind.plural === "pods";
}

/** Only a pod that a node has and that still runs gets time to end. */
function graceOf(kind: Kind, object: KubeObject, options: DeleteOptions): number {
  if (!isPod(kind)) return 0;
  const phase = readPath(object, "status.phase");
  if (!readPath(object, "spec.nodeName") || phase === "Succeeded" || phase === "Failed") return 0;
  const own = readPath(object, "spec.terminationGracePeriodSeconds");
  return options.gracePeriodSeconds ?? (typeof own === "number" ? own : POD_GRACE_SECONDS);
}

function withPolicy(finalizers: readonly string[], policy: DeleteOptions["propagationPolicy"]): string[] {
  if (policy === undefined) return [...finalizers];
  const others = finalizers.filter((one) => one !== FOREGROUND && one !== ORPHAN);
  if (policy === "Foreground") return [...others, FOREGROUND];
  return policy === "Orphan" ? [...others, ORPHAN] : others;
}

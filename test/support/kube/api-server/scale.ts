import type { Kind, KubeObject } from "../words.ts";
import { copyOf, isRecord, type Json, readPath } from "./json.ts";
import { badRequest } from "./status-error.ts";

/** The `scale` of an object: how many there are to be, and how many there are. */
export function scaleOf(object: KubeObject): Json {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const labels = readPath(object, "spec.selector.matchLabels");
  const selector = isRecord(labels)
    ? Object.entries(labels)
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(",")
    : undefined;
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: Number(readPath(object, "spec.replicas") ?? 0) },
    status: { replicas: Number(readPath(object, "status.replicas") ?? 0), ...(selector ? { selector } : {}) },
  };
}

/** The kind that `scale` speaks, so that patches of it are merged as of any other. */
export const scaleKind: Kind = {
  group: "autoscaling",
  version: "v1",
  kind: "Scale",
  plural: "scales",
  singular: "scale",
  namespaced: true,
  builtIn: true,
};

/** The object with the number of replicas of a given scale. @throws StatusError 400 */
export function scaledObject(old: KubeObject, scale: unknown): KubeObject {
  const replicas = readPath(scale, "spec.replicas") ?? 0;
  if (!Number.isInteger(replicas) || Number(replicas) < 0) {
    throw badRequest(
      `spec.replicas: Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`,
    );
  }
  const next = copyOf(old);
  const spec = isRecord(next["spec"]) ? next["spec"] : {};
  next["spec"] = { ...spec, replicas };
  const wanted = readPath(scale, "metadata.resourceVersion");
  next.metadata.resourceVersion = typeof wanted === "string" ? wanted : "";
  return next;
}

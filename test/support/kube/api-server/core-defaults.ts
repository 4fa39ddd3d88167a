import type { Kind, KubeObject } from "../words.ts";
import { isRecord, type Json } from "./json.ts";

type Filler = (object: KubeObject) => void;

/** Fills what Kubernetes fills in objects of its own kinds; the object given is edited and returned. */
export function withCoreDefaults(kind: Kind, object: KubeObject): KubeObject {
  if (kind.builtIn) FILLERS[`${kind.group}/${kind.plural}`]?.(object);
  return object;
}

function part(object: Json, field: string): Json {
  const found = object[field];
  if (isRecord(found)) return found;
  const made: Json = {};
  object[field] = made;
  return made;
}

function fill(target: Json, defaults: Json): void {
  for (const [key, value] of Object.entries(defaults)) target[key] ??= value;
}

const podSpec = (spec: Json, restartPolicy: string) => {
  fill(spec, {
    restartPolicy,
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    schedulerName: "default-scheduler",
    serviceAccountName: "default",
  });
};

const FILLERS: Readonly<Record<string, Filler>> = {
  "/namespaces": (object) => {
    const { metadata } = object;
    metadata.labels = { ...metadata.labels, "kubernetes.io/metadata.name": metadata.name };
    if (metadata.deletionTimestamp === undefined) fill(part(object, "spec"), { finalizers: ["kubernetes"] });
    fill(part(object, "status"), { phase: "Active" });
  },
  "/pods": (object) => {
    podSpec(part(object, "spec"), "Always");
    fill(part(object, "status"), { phase: "Pending" });
  },
  "/persistentvolumeclaims": (object) => {
    fill(part(object, "spec"), { volumeMode: "Filesystem" });
    fill(part(object, "status"), { phase: "Pending" });
  },
  "/persistentvolumes": (object) => {
    fill(part(object, "spec"), { volumeMode: "Filesystem", persistentVolumeReclaimPolicy: "Retain" });
    fill(part(object, "status"), { phase: "Available" });
  },
  "/secrets": (object) => {
    fill(object, { type: "Opaque" });
    const plain = object["stringData"];
    delete object["stringData"];
    if (!isRecord(plain)) return;
    const data = part(object, "data");
    for (const [key, value] of Object.entries(plain)) {
      data[key] = Buffer.from(String(value)).toString("base64");
    }
  },
  "/services": (object) => fill(part(object, "spec"), { type: "ClusterIP", sessionAffinity: "None" }),
  "/resourcequotas": (object) => fill(part(object, "status"), {}),
  "batch/jobs": (object) => {
    const spec = part(object, "spec");
    fill(spec, { backoffLimit: 6, completions: 1, parallelism: 1, suspend: false });
    podSpec(part(part(spec, "template"), "spec"), "Never");
  },
  "apps/deployments": (object) => workload(object, { progressDeadlineSeconds: 600 }),
  "apps/statefulsets": (object) => workload(object, { podManagementPolicy: "OrderedReady" }),
  "apps/replicasets": (object) => workload(object, {}),
  "storage.k8s.io/storageclasses": (object) =>
    fill(object, { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" }),
};

function workload(object: KubeObject, defaults: Json): void {
  const spec = part(object, "spec");
  fill(spec, { replicas: 1, ...defaults });
  podSpec(part(part(spec, "template"), "spec"), "Always");
}

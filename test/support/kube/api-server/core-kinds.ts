import type { Column, Kind } from "../words.ts";
import { CORE_SCHEMAS } from "./core-schemas.ts";

interface Extra {
  readonly shortNames?: readonly string[];
  readonly subresources?: readonly ("status" | "scale")[];
  readonly columns?: readonly Column[];
  readonly verbs?: readonly string[];
  readonly plural?: string;
}

function builtIn(groupVersion: string, namespaced: boolean, kind: string, extra: Extra = {}): Kind {
  const [version = "", group = ""] = groupVersion.split("/").reverse();
  const singular = kind.toLowerCase();
  const plural = extra.plural ?? `${singular}s`;
  const schema = CORE_SCHEMAS[`${group}/${plural}`];
  return {
    group,
    version,
    kind,
    singular,
    namespaced,
    builtIn: true,
    ...extra,
    plural,
    ...(schema ? { schema } : {}),
  };
}

const text = (name: string, path: string): Column => ({ name, type: "string", path });
const count = (name: string, path: string): Column => ({ name, type: "integer", path });
const STATUS = { subresources: ["status"] } as const;
const STATUS_AND_SCALE = { subresources: ["status", "scale"] } as const;

/** The kinds of Kubernetes itself that the cluster serves. */
export const coreKinds: readonly Kind[] = [
  builtIn("v1", false, "Namespace", {
    ...STATUS,
    shortNames: ["ns"],
    columns: [text("Status", "status.phase")],
  }),
  builtIn("v1", false, "Node", {
    ...STATUS,
    shortNames: ["no"],
    columns: [text("Version", "status.nodeInfo.kubeletVersion")],
  }),
  builtIn("v1", true, "Pod", {
    ...STATUS,
    shortNames: ["po"],
    columns: [text("Status", "status.phase"), text("Node", "spec.nodeName")],
  }),
  builtIn("v1", true, "Secret", { columns: [text("Type", "type")] }),
  builtIn("v1", true, "ConfigMap", { shortNames: ["cm"] }),
  builtIn("v1", true, "Event", {
    shortNames: ["ev"],
    columns: [text("Type", "type"), text("Reason", "reason"), text("Message", "message")],
  }),
  builtIn("v1", true, "PersistentVolumeClaim", {
    ...STATUS,
    shortNames: ["pvc"],
    columns: [
      text("Status", "status.phase"),
      text("Volume", "spec.volumeName"),
      text("Capacity", "status.capacity.storage"),
      text("StorageClass", "spec.storageClassName"),
    ],
  }),
  builtIn("v1", false, "PersistentVolume", {
    ...STATUS,
    shortNames: ["pv"],
    columns: [text("Capacity", "spec.capacity.storage"), text("Status", "status.phase")],
  }),
  builtIn("v1", true, "ServiceAccount", { shortNames: ["sa"] }),
  builtIn("v1", true, "ResourceQuota", { ...STATUS, shortNames: ["quota"] }),
  builtIn("v1", true, "LimitRange", { shortNames: ["limits"] }),
  builtIn("v1", true, "Service", {
    ...STATUS,
    shortNames: ["svc"],
    columns: [text("Type", "spec.type"), text("Cluster-IP", "spec.clusterIP")],
  }),
  builtIn("v1", true, "Endpoints", { plural: "endpoints", shortNames: ["ep"] }),
  builtIn("apps/v1", true, "Deployment", {
    ...STATUS_AND_SCALE,
    shortNames: ["deploy"],
    columns: [count("Replicas", "spec.replicas"), count("Available", "status.availableReplicas")],
  }),
  builtIn("apps/v1", true, "StatefulSet", { ...STATUS_AND_SCALE, shortNames: ["sts"] }),
  builtIn("apps/v1", true, "ReplicaSet", { ...STATUS_AND_SCALE, shortNames: ["rs"] }),
  builtIn("apps/v1", true, "DaemonSet", { ...STATUS, shortNames: ["ds"] }),
  builtIn("batch/v1", true, "Job", { ...STATUS, columns: [count("Succeeded", "status.succeeded")] }),
  builtIn("batch/v1", true, "CronJob", {
    ...STATUS,
    shortNames: ["cj"],
    columns: [text("Schedule", "spec.schedule")],
  }),
  builtIn("rbac.authorization.k8s.io/v1", true, "Role"),
  builtIn("rbac.authorization.k8s.io/v1", true, "RoleBinding"),
  builtIn("rbac.authorization.k8s.io/v1", false, "ClusterRole"),
  builtIn("rbac.authorization.k8s.io/v1", false, "ClusterRoleBinding"),
  builtIn("storage.k8s.io/v1", false, "StorageClass", {
    plural: "storageclasses",
    shortNames: ["sc"],
    columns: [text("Provisioner", "provisioner"), text("ReclaimPolicy", "reclaimPolicy")],
  }),
  builtIn("storage.k8s.io/v1", false, "VolumeAttachment", STATUS),
  builtIn("storage.k8s.io/v1", false, "CSIDriver"),
  builtIn("networking.k8s.io/v1", true, "Ingress", { ...STATUS, plural: "ingresses", shortNames: ["ing"] }),
  builtIn("networking.k8s.io/v1", true, "NetworkPolicy", {
    plural: "networkpolicies",
    shortNames: ["netpol"],
  }),
  builtIn("scheduling.k8s.io/v1", false, "PriorityClass", { plural: "priorityclasses", shortNames: ["pc"] }),
  builtIn("policy/v1", true, "PodDisruptionBudget", { ...STATUS, shortNames: ["pdb"] }),
  builtIn("coordination.k8s.io/v1", true, "Lease"),
];

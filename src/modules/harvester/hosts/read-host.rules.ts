import {
  conditionOf,
  conditionsOf,
  fieldAt,
  flagAt,
  instantOf,
  listAt,
  numberAt,
  textAt,
  textMapAt,
} from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import { bytesOf, quantityOf } from "../kube/quantity.rules.ts";
import type { Host, HostDetail, HostMetrics } from "./schemas.ts";

const maintainStatus = "harvesterhci.io/maintain-status";
const drainRequested = "harvesterhci.io/drain-requested";

/** Where a host stands: maintenance before cordon before what the kubelet says. */
export function hostState(node: KubeObject): Host["state"] {
  const { annotations = {} } = node.metadata;
  const ready = conditionOf(node, "Ready")?.status;
  if (annotations[maintainStatus] === "completed") return "maintenance";
  if (annotations[maintainStatus] === "running" || annotations[drainRequested] === "true")
    return "entering_maintenance";
  if (ready !== "True") return ready === "False" ? "not_ready" : "unknown";
  return flagAt(node, "spec", "unschedulable") ? "cordoned" : "ready";
}

/** What a host is for: management holds etcd, a witness only its vote. */
export function rolesOf({ metadata: { labels = {} } }: KubeObject): Host["roles"] {
  const has = (role: string) => Object.keys(labels).includes(`node-role.kubernetes.io/${role}`);
  if ("node-role.harvesterhci.io/witness" in labels) return ["witness"];
  return has("control-plane") || has("master") || has("etcd") ? ["management"] : ["worker"];
}

function resourcesOf(amounts: unknown) {
  const devices = Object.entries(textMapAt(amounts))
    .filter(([name]) => name.includes("/"))
    .map(([name, amount]) => [name, quantityOf(amount) ?? 0] as const);
  return {
    cpu: quantityOf(fieldAt(amounts, "cpu")),
    memoryBytes: bytesOf(fieldAt(amounts, "memory")),
    pods: quantityOf(fieldAt(amounts, "pods")),
    devices: Object.fromEntries(devices),
  };
}

export function internalAddressOf(node: KubeObject): string | null {
  const own = listAt(node, "status", "addresses").find((one) => textAt(one, "type") === "InternalIP");
  return textAt(own, "address");
}

export function hostOf(node: KubeObject): Host {
  const { metadata } = node;
  const info = fieldAt(node, "status", "nodeInfo");
  return {
    name: metadata.name,
    uid: metadata.uid ?? "",
    resourceVersion: metadata.resourceVersion ?? "",
    state: hostState(node),
    roles: rolesOf(node),
    ipAddress: internalAddressOf(node),
    cpuManager: metadata.labels?.["cpumanager"] === "true",
    capacity: resourcesOf(fieldAt(node, "status", "capacity")),
    allocatable: resourcesOf(fieldAt(node, "status", "allocatable")),
    architecture: textAt(info, "architecture"),
    os: textAt(info, "osImage"),
    kernel: textAt(info, "kernelVersion"),
    kubernetesVersion: textAt(info, "kubeletVersion"),
    createdAt: instantOf(metadata.creationTimestamp),
  };
}

/** The disks that Longhorn uses on a host. */
export function disksOfHost(storage: KubeObject | undefined): HostDetail["disks"] {
  const status = fieldAt(storage, "status", "diskStatus");
  const spec = fieldAt(storage, "spec", "disks");
  const names = new Set([...keysOf(status), ...keysOf(spec)]);
  return [...names].sort().map((name) => {
    const seen = fieldAt(status, name);
    return {
      name,
      path: textAt(spec, name, "path") ?? textAt(seen, "diskPath"),
      schedulable: flagAt(spec, name, "allowScheduling") ?? false,
      totalBytes: numberAt(seen, "storageMaximum"),
      availableBytes: numberAt(seen, "storageAvailable"),
      scheduledBytes: numberAt(seen, "storageScheduled"),
    };
  });
}

const keysOf = (value: unknown): string[] =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];

export interface HostParts {
  readonly storage: KubeObject | undefined;
  /** Instances that run on it and that the caller reaches. */
  readonly instances: readonly KubeObject[];
}

export function hostDetailOf(node: KubeObject, { storage, instances }: HostParts): HostDetail {
  return {
    ...hostOf(node),
    labels: { ...node.metadata.labels },
    annotations: shownAnnotations(node.metadata.annotations ?? {}),
    conditions: [...conditionsOf(node)],
    disks: disksOfHost(storage),
    virtualMachines: instances
      .filter((instance) => textAt(instance, "status", "nodeName") === node.metadata.name)
      .map((instance) => ({
        namespace: instance.metadata.namespace ?? "",
        name: instance.metadata.name,
        state: textAt(instance, "status", "phase") ?? "Unknown",
      })),
  };
}

/** Without what other tools keep there in bulk. */
function shownAnnotations(annotations: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(annotations).filter(
    ([key, value]) => value.length <= 1000 && key !== "kubectl.kubernetes.io/last-applied-configuration",
  );
  return Object.fromEntries(entries);
}

/** What a host uses now (metrics.k8s.io NodeMetrics), beside what it has. */
export function hostMetricsOf(
  node: KubeObject,
  usage: unknown,
  storage: KubeObject | undefined,
): HostMetrics {
  const disks = disksOfHost(storage);
  const total = sumOf(disks.map(({ totalBytes }) => totalBytes));
  const free = sumOf(disks.map(({ availableBytes }) => availableBytes));
  return {
    name: node.metadata.name,
    at: instantOf(fieldAt(usage, "timestamp")),
    windowSeconds: secondsOf(textAt(usage, "window")),
    cpu: {
      used: quantityOf(fieldAt(usage, "usage", "cpu")),
      of: quantityOf(fieldAt(node, "status", "capacity", "cpu")),
    },
    memoryBytes: {
      used: bytesOf(fieldAt(usage, "usage", "memory")),
      of: bytesOf(fieldAt(node, "status", "capacity", "memory")),
    },
    storageBytes: { used: total === null || free === null ? null : total - free, of: total },
  };
}

/** The sum of what is known; null when nothing is. */
export function sumOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

/** A duration of Go, such as `1m0.5s`, in seconds. */
function secondsOf(text: string | null): number | null {
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:([\d.]+)s)?$/.exec(text ?? "");
  if (text === null || !match) return null;
  return Number(match[1] ?? 0) * 3600 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
}

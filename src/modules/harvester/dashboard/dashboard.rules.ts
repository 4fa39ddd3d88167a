import { disksOfHost, hostOf, hostState, sumOf } from "../hosts/read-host.rules.ts";
import { conditionOf, fieldAt, textAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import { bytesOf, quantityOf } from "../kube/quantity.rules.ts";
import { devicesOf } from "../machines/host-room.rules.ts";
import { objectEventOf } from "../machines/read-machine.rules.ts";
import type { Dashboard } from "./schemas.ts";

/** What the cluster showed, each list undefined where it is hidden from us. */
export interface DashboardParts {
  readonly nodes: readonly KubeObject[];
  readonly usages: readonly (KubeObject | undefined)[];
  readonly storage: readonly KubeObject[] | undefined;
  readonly machines: readonly KubeObject[];
  readonly instances: readonly KubeObject[];
  /** Longhorn's volumes of the claims that the caller reaches. */
  readonly volumes: readonly KubeObject[] | undefined;
  readonly images: readonly KubeObject[];
  readonly events: readonly KubeObject[];
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

export function dashboardOf(parts: DashboardParts): Dashboard {
  const { nodes, machines, images, volumes } = parts;
  return {
    hosts: { total: nodes.length, byState: countBy(nodes.map(hostState)) },
    capacity: capacityOf(parts),
    virtualMachines: {
      total: machines.length,
      byState: countBy(machines.map((one) => textAt(one, "status", "printableStatus") ?? "Unknown")),
    },
    volumes:
      volumes === undefined
        ? null
        : {
            total: volumes.length,
            byHealth: countBy(volumes.map((one) => textAt(one, "status", "robustness") || "unknown")),
          },
    images: { total: images.length, byState: countBy(images.map(imageState)) },
    warnings: parts.events
      .filter((event) => textAt(event, "type") === "Warning")
      .map((event) => ({
        ...objectEventOf(event),
        kind: textAt(event, "involvedObject", "kind") ?? "",
        namespace: textAt(event, "involvedObject", "namespace"),
        name: textAt(event, "involvedObject", "name") ?? "",
      }))
      .sort((a, b) => (b.lastSeenAt ?? "").localeCompare(a.lastSeenAt ?? ""))
      .slice(0, 20),
  };
}

function imageState(image: KubeObject): string {
  if (conditionOf(image, "Imported")?.status === "True") return "ready";
  const failed =
    conditionOf(image, "RetryLimitExceeded")?.status === "True" ||
    conditionOf(image, "Imported")?.reason === "ImportFailed";
  return failed ? "failed" : "importing";
}

function capacityOf({ nodes, usages, storage, instances }: DashboardParts): Dashboard["capacity"] {
  const hosts = nodes.map(hostOf);
  const disks = (storage ?? []).flatMap((one) => disksOfHost(one));
  const total = sumOf(disks.map(({ totalBytes }) => totalBytes));
  const free = sumOf(disks.map(({ availableBytes }) => availableBytes));
  const used = (what: "cpu" | "memory", read: (value: unknown) => number | null) =>
    sumOf(usages.map((usage) => read(fieldAt(usage, "usage", what))));
  const running = instances.filter((one) => textAt(one, "status", "phase") === "Running");
  return {
    cpu: {
      total: sumOf(hosts.map(({ capacity }) => capacity.cpu)),
      used: used("cpu", quantityOf),
      reserved: requestedOf(running, "cpu"),
    },
    memoryBytes: {
      total: sumOf(hosts.map(({ capacity }) => capacity.memoryBytes)),
      used: used("memory", bytesOf),
      reserved: requestedOf(running, "memory"),
    },
    storageBytes: {
      total,
      used: total === null || free === null ? null : total - free,
      reserved: sumOf(disks.map(({ scheduledBytes }) => scheduledBytes)),
    },
    gpus: gpusOf(nodes, running),
  };
}

/** What machines that run have asked for; of those that the caller reaches. */
function requestedOf(instances: readonly KubeObject[], what: "cpu" | "memory"): number | null {
  return sumOf(
    instances.map((one) => quantityOf(fieldAt(one, "spec", "domain", "resources", "requests", what))),
  );
}

const isGpu = (resource: string): boolean =>
  /^(?:nvidia|amd|intel)\.com\/(?!.*(?:nic|qat|sriov))/i.test(resource);

function gpusOf(nodes: readonly KubeObject[], running: readonly KubeObject[]) {
  const used = countBy(running.flatMap((one) => devicesOf(fieldAt(one, "spec", "domain"))));
  const total: Record<string, number> = {};
  for (const { allocatable } of nodes.map(hostOf))
    for (const [name, amount] of Object.entries(allocatable.devices))
      if (isGpu(name)) total[name] = (total[name] ?? 0) + amount;
  return Object.entries(total)
    .map(([name, count]) => ({ name, total: count, used: used[name] ?? 0 }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** The namespace of the claim that a volume of Longhorn stands behind. */
export function claimNamespaceOf(volume: KubeObject): string | null {
  return textAt(volume, "status", "kubernetesStatus", "namespace");
}

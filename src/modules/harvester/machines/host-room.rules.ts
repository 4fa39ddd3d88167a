import { conditionOf, fieldAt, flagAt, listAt, textAt, textMapAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import { quantityOf } from "../kube/quantity.rules.ts";
import type { HostRoom, QuotaRoom } from "./preflight.rules.ts";

/** Whether a host takes machines: ready, not cordoned, without a taint that keeps them away. */
export function takesMachines(node: KubeObject): boolean {
  const tainted = listAt(node, "spec", "taints").some((taint) =>
    ["NoSchedule", "NoExecute"].includes(textAt(taint, "effect") ?? ""),
  );
  return conditionOf(node, "Ready")?.status === "True" && !flagAt(node, "spec", "unschedulable") && !tainted;
}

const over = new Set(["Succeeded", "Failed"]);

/** What each host has left beside the machines that run there, by what they request. */
export function hostRooms(nodes: readonly KubeObject[], instances: readonly KubeObject[]): HostRoom[] {
  const used = new Map<string, { cpu: number; memory: number; devices: Record<string, number> }>();
  for (const instance of instances) {
    const host = textAt(instance, "status", "nodeName");
    if (host === null || over.has(textAt(instance, "status", "phase") ?? "")) continue;
    const sum = used.get(host) ?? { cpu: 0, memory: 0, devices: {} };
    const domain = fieldAt(instance, "spec", "domain");
    const asks = (what: string) =>
      quantityOf(fieldAt(domain, "resources", "requests", what)) ??
      quantityOf(fieldAt(domain, "resources", "limits", what)) ??
      0;
    sum.cpu += asks("cpu");
    sum.memory += asks("memory");
    for (const name of devicesOf(domain)) sum.devices[name] = (sum.devices[name] ?? 0) + 1;
    used.set(host, sum);
  }
  return nodes.map((node) => {
    const allocatable = fieldAt(node, "status", "allocatable");
    const taken = used.get(node.metadata.name);
    return {
      name: node.metadata.name,
      takesMachines: takesMachines(node),
      labels: { ...node.metadata.labels },
      freeCpu: (quantityOf(fieldAt(allocatable, "cpu")) ?? 0) - (taken?.cpu ?? 0),
      freeMemoryBytes: (quantityOf(fieldAt(allocatable, "memory")) ?? 0) - (taken?.memory ?? 0),
      devices: Object.fromEntries(
        Object.entries(textMapAt(allocatable))
          .filter(([name]) => name.includes("/"))
          .map(([name, amount]) => [name, (quantityOf(amount) ?? 0) - (taken?.devices[name] ?? 0)]),
      ),
    };
  });
}

/** The resources of hosts that an instance holds: its GPUs and other devices. */
export function devicesOf(domain: unknown): string[] {
  return ["gpus", "hostDevices"].flatMap((kind) =>
    listAt(domain, "devices", kind).flatMap((device) => textAt(device, "deviceName") ?? []),
  );
}

/** The limits of a namespace's quotas and how much of them is used. */
export function quotaRooms(quotas: readonly KubeObject[]): QuotaRoom[] {
  return quotas.flatMap((quota) =>
    Object.entries(textMapAt(quota, "status", "hard")).flatMap(([resource, hard]) => {
      const most = quantityOf(hard);
      if (most === null) return [];
      const used = quantityOf(fieldAt(quota, "status", "used", resource)) ?? 0;
      return [{ resource, hard: most, used }];
    }),
  );
}

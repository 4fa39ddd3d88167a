import { disksOfHost, hostOf } from "../hosts/read-host.rules.ts";
import { conditionOf, fieldAt, jsonAt, listAt, numberAt, textAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import { quantityOf } from "../kube/quantity.rules.ts";
import type { ClusterWideFacts, HostFacts } from "./conformance.rules.ts";

/** Objects that conformance is read from; undefined where they are hidden. */
export interface Seen {
  readonly nodes: readonly KubeObject[];
  readonly storage: readonly KubeObject[] | undefined;
  readonly links: readonly KubeObject[] | undefined;
  readonly networks: readonly KubeObject[] | undefined;
  readonly vip: KubeObject | undefined;
  /** The answer of Prometheus about the speed of interfaces, bytes a second. */
  readonly speeds: unknown;
}

/** Annotations with which people tell what was measured. */
const measured = { iops: "maru.dev/disk-iops", nicGbps: "maru.dev/nic-gbps" } as const;

export function hostFactsOf(node: KubeObject, seen: Seen): HostFacts {
  const host = hostOf(node);
  const { annotations = {} } = node.metadata;
  const storage = seen.storage?.find(({ metadata }) => metadata.name === host.name);
  const kvm = fieldAt(node, "status", "allocatable", "devices.kubevirt.io/kvm");
  const links = seen.links?.filter((link) => textAt(link, "status", "node") === host.name);
  return {
    name: host.name,
    role: host.roles[0] ?? "worker",
    architecture: host.architecture,
    virtualization: kvm === undefined ? null : (quantityOf(kvm) ?? 0) > 0,
    cpu: host.capacity.cpu,
    memoryBytes: host.capacity.memoryBytes,
    diskBytes: disksOfHost(storage).flatMap(({ totalBytes }) => totalBytes ?? []),
    iops: quantityOf(annotations[measured.iops]),
    nicGbps: quantityOf(annotations[measured.nicGbps]) ?? speedOf(host.name, host.ipAddress, seen.speeds),
    ipAddress: host.ipAddress,
    joinedWith:
      annotations["etcd.rke2.cattle.io/node-address"] ??
      annotations["rke2.io/internal-ip"] ??
      annotations["k3s.io/internal-ip"] ??
      null,
    uplinksReady:
      links === undefined || links.length === 0
        ? null
        : links.every((link) => conditionOf(link, "ready")?.status === "True"),
  };
}

/** Gbit/s of a host's fastest interface, found by the host's name or its address. */
function speedOf(name: string, address: string | null, answer: unknown): number | null {
  const speeds = listAt(answer, "data", "result").flatMap((series) => {
    const instance = textAt(series, "metric", "instance") ?? "";
    const own =
      textAt(series, "metric", "node") === name || (address !== null && instance.startsWith(`${address}:`));
    const bytes = quantityOf(listAt(series, "value")[1]);
    return own && bytes !== null && bytes > 0 ? [(bytes * 8) / 1e9] : [];
  });
  return speeds.length === 0 ? null : Math.max(...speeds);
}

function usesVlan(network: KubeObject): boolean {
  const config = jsonAt(network, "spec", "config");
  return (numberAt(config, "vlan") ?? 0) > 0 || listAt(config, "vlanTrunk").length > 0;
}

export function clusterFactsOf({ nodes, networks, vip }: Seen): ClusterWideFacts {
  const versions = nodes.flatMap((node) => textAt(node, "status", "nodeInfo", "kubeletVersion") ?? []);
  return {
    vlansInUse: networks === undefined ? null : networks.some(usesVlan),
    vip:
      vip === undefined
        ? null
        : {
            mode: textAt(vip, "data", "mode"),
            address: textAt(vip, "data", "ip"),
            hardwareAddress: textAt(vip, "data", "hwAddress"),
          },
    versions: [...new Set(versions)].sort(),
  };
}

import {
  conditionOf,
  fieldAt,
  jsonAt,
  listAt,
  metaOf,
  numberAt,
  textAt,
  textMapAt,
  textsAt,
} from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import type { ClusterNetwork, LinkReport, VlanConfig, VmNetwork } from "./schemas.ts";

const group = "network.harvesterhci.io";

/** A network that virtual machines can be on; its `spec.config` is a JSON text. */
export function readVmNetwork(attachment: KubeObject): VmNetwork {
  const config = jsonAt(attachment, "spec", "config");
  const vlan = numberAt(config, "vlan") ?? 0;
  const trunk = listAt(config, "vlanTrunk").flatMap((part) => {
    const single = numberAt(part, "id");
    const from = numberAt(part, "minID") ?? single;
    const to = numberAt(part, "maxID") ?? single;
    return from === null || to === null ? [] : [{ from, to }];
  });
  const ready = textAt(attachment, "metadata", "labels", `${group}/ready`);
  return {
    namespace: attachment.metadata.namespace ?? "",
    ...metaOf(attachment),
    type: typeOf(config, vlan, trunk.length),
    clusterNetwork: clusterNetworkOf(attachment, config),
    vlan: vlan === 0 ? null : vlan,
    trunk,
    mtu: numberAt(config, "mtu"),
    route: routeOf(attachment),
    ready: ready === null ? null : ready === "true",
    description: textAt(attachment, "metadata", "annotations", "field.cattle.io/description"),
  };
}

function typeOf(config: unknown, vlan: number, ranges: number): VmNetwork["type"] {
  if (textAt(config, "type") !== "bridge") return "other";
  if (ranges > 0) return "trunk";
  return vlan === 0 ? "untagged" : "vlan";
}

function clusterNetworkOf(attachment: KubeObject, config: unknown): string | null {
  const said = textAt(attachment, "metadata", "labels", `${group}/clusternetwork`);
  const bridge = textAt(config, "bridge");
  return said ?? (bridge?.endsWith("-br") ? bridge.slice(0, -3) : null);
}

function routeOf(attachment: KubeObject): VmNetwork["route"] {
  const route = jsonAt(attachment, "metadata", "annotations", `${group}/route`);
  if (typeof route !== "object" || route === null) return null;
  return {
    mode: textAt(route, "mode"),
    cidr: textAt(route, "cidr"),
    gateway: textAt(route, "gateway"),
    dhcpServer: textAt(route, "serverIPAddr"),
  };
}

export function readClusterNetwork(network: KubeObject): ClusterNetwork {
  const ready = conditionOf(network, "ready") ?? conditionOf(network, "Ready");
  const mtu = Number(textAt(network, "metadata", "annotations", `${group}/uplink-mtu`) ?? Number.NaN);
  return {
    ...metaOf(network),
    description: textAt(network, "description"),
    builtIn: network.metadata.name === "mgmt",
    ready: ready === undefined ? null : ready.status === "True",
    mtu: Number.isInteger(mtu) ? mtu : null,
    message: ready?.message ?? null,
  };
}

export function readVlanConfig(config: KubeObject): VlanConfig {
  const matched = jsonAt(config, "metadata", "annotations", `${group}/matched-nodes`);
  return {
    ...metaOf(config),
    clusterNetwork: textAt(config, "spec", "clusterNetwork"),
    description: textAt(config, "spec", "description"),
    nodeSelector: textMapAt(config, "spec", "nodeSelector"),
    hosts: textsAt({ matched }, "matched"),
    nics: textsAt(config, "spec", "uplink", "nics"),
    bond: textAt(config, "spec", "uplink", "bondOptions", "mode"),
    mtu: numberAt(config, "spec", "uplink", "linkAttributes", "mtu"),
  };
}

/** What monitors saw of network cards, and how the networks of the cluster are on each host. */
export function readLinks(
  monitors: readonly KubeObject[],
  statuses: readonly KubeObject[],
  host: string | undefined,
): LinkReport {
  const links = monitors.flatMap((monitor) => {
    const byHost = fieldAt(monitor, "status", "linkStatus");
    const entries = typeof byHost === "object" && byHost !== null ? Object.entries(byHost) : [];
    return entries.flatMap(([of, nics]) =>
      listAt({ nics }, "nics").map((nic) => ({
        host: of,
        nic: textAt(nic, "name") ?? "",
        state: textAt(nic, "state"),
        mac: textAt(nic, "mac"),
        monitor: monitor.metadata.name,
      })),
    );
  });
  const networks = statuses.map((status) => {
    const ready = conditionOf(status, "ready") ?? conditionOf(status, "Ready");
    return {
      name: status.metadata.name,
      host: textAt(status, "status", "node"),
      clusterNetwork: textAt(status, "status", "clusterNetwork"),
      vlanConfig: textAt(status, "status", "vlanConfig"),
      ready: ready === undefined ? null : ready.status === "True",
      message: ready?.message ?? null,
      vlans: listAt(status, "status", "localAreas").flatMap((area) => {
        const vlan = numberAt(area, "vlanID");
        return vlan === null ? [] : [{ vlan, cidr: textAt(area, "cidr") }];
      }),
    };
  });
  const isOf = (one: { readonly host: string | null }) => host === undefined || one.host === host;
  return { links: links.filter(isOf), networks: networks.filter(isOf) };
}

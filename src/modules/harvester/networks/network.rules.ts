import type * as z from "zod";
import { problem } from "../../../kernel/problem.ts";
import type { KubeObject } from "../kube/object.ts";
import type { CreateVlanConfig, CreateVmNetwork, VlanConfig } from "./schemas.ts";

const group = "network.harvesterhci.io";
const types = { vlan: "L2VlanNetwork", untagged: "UntaggedNetwork", trunk: "L2VlanTrunkNetwork" } as const;

/** The attachment definition of a new network. */
export function attachmentOf(asked: z.output<typeof CreateVmNetwork>): Record<string, unknown> {
  const { name, namespace, clusterNetwork, network, route, description, labels } = asked;
  const config = {
    cniVersion: "0.3.1",
    name,
    type: "bridge",
    bridge: `${clusterNetwork}-br`,
    promiscMode: true,
    ...(network.type === "vlan" ? { vlan: network.vlan } : {}),
    ...(network.type === "trunk"
      ? { vlan: 0, vlanTrunk: network.ranges.map(({ from, to }) => ({ minID: from, maxID: to })) }
      : {}),
    ipam: {},
  };
  const way =
    route.mode === "manual"
      ? { mode: "manual", serverIPAddr: "", cidr: route.cidr, gateway: route.gateway }
      : { mode: "auto", serverIPAddr: route.dhcpServer ?? "", cidr: "", gateway: "" };
  return {
    apiVersion: "k8s.cni.cncf.io/v1",
    kind: "NetworkAttachmentDefinition",
    metadata: {
      name,
      namespace,
      labels: {
        ...labels,
        [`${group}/clusternetwork`]: clusterNetwork,
        [`${group}/type`]: types[network.type],
        ...(network.type === "vlan" ? { [`${group}/vlan-id`]: String(network.vlan) } : {}),
      },
      annotations: {
        [`${group}/route`]: JSON.stringify(way),
        ...(description === undefined ? {} : { "field.cattle.io/description": description }),
      },
    },
    spec: { config: JSON.stringify(config) },
  };
}

/** @throws invalid_input `harvester.gateway_outside` for a gateway that is not in the network it should lead out of */
export function mustHoldGateway({ route }: Pick<z.output<typeof CreateVmNetwork>, "route">): void {
  if (route.mode !== "manual") return;
  const [base = "", bits = "32"] = route.cidr.split("/");
  const size = 2 ** (32 - Number(bits));
  if (Math.floor(numberOf(base) / size) === Math.floor(numberOf(route.gateway) / size)) return;
  throw problem(
    "invalid_input",
    "harvester.gateway_outside",
    `The gateway ${route.gateway} is not in ${route.cidr}.`,
    { errors: [{ pointer: "/route/gateway", code: "outside", message: `An address of ${route.cidr}.` }] },
  );
}

const numberOf = (address: string): number =>
  address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

/** The object of a new configuration. */
export function vlanConfigOf(asked: z.output<typeof CreateVlanConfig>): Record<string, unknown> {
  return {
    apiVersion: "network.harvesterhci.io/v1beta1",
    kind: "VlanConfig",
    metadata: { name: asked.name },
    spec: {
      clusterNetwork: asked.clusterNetwork,
      ...(asked.description === undefined ? {} : { description: asked.description }),
      nodeSelector: asked.nodeSelector,
      uplink: {
        nics: asked.nics,
        bondOptions: { mode: asked.bondMode, miimon: asked.miimonMs },
        linkAttributes: { mtu: asked.mtu, txQLen: -1 },
      },
    },
  };
}

/** The hosts that a selector takes; witnesses carry no network of machines. */
export function hostsOf(
  selector: Readonly<Record<string, string>>,
  nodes: readonly KubeObject[],
): readonly string[] {
  const wanted = Object.entries(selector);
  return nodes
    .filter(({ metadata }) => metadata.labels?.["node-role.harvesterhci.io/witness"] === undefined)
    .filter(({ metadata }) => wanted.every(([key, value]) => metadata.labels?.[key] === value))
    .map(({ metadata }) => metadata.name);
}

/**
 * Refuses a configuration that the cluster would refuse: on the management network, on no host, on a host that has
 * one of the same network already, or with another MTU than the rest of its network.
 * @throws invalid_input `harvester.vlan_config_refused` with a pointer for each reason
 */
export function mustFitNetwork(
  asked: Pick<z.output<typeof CreateVlanConfig>, "clusterNetwork" | "nodeSelector" | "mtu" | "name">,
  others: readonly VlanConfig[],
  nodes: readonly KubeObject[],
): void {
  const own = hostsOf(asked.nodeSelector, nodes);
  const siblings = others.filter(
    ({ clusterNetwork, name }) => clusterNetwork === asked.clusterNetwork && name !== asked.name,
  );
  const errors: { pointer: string; code: string; message: string }[] = [];
  const refuse = (pointer: string, code: string, message: string) => errors.push({ pointer, code, message });
  if (asked.clusterNetwork === "mgmt")
    refuse("/clusterNetwork", "built_in", "The management network takes no configurations.");
  if (own.length === 0) refuse("/nodeSelector", "no_hosts", "No host has these labels.");
  for (const other of siblings) {
    const shared = hostsOf(other.nodeSelector, nodes).filter((host) => own.includes(host));
    if (shared.length > 0)
      refuse("/nodeSelector", "overlap", `${shared.join(", ")} has ${other.name} of this network already.`);
    if ((other.mtu || 1500) !== asked.mtu)
      refuse("/mtu", "other_mtu", `${other.name} has an MTU of ${other.mtu || 1500}; a network has one.`);
  }
  const [first] = errors;
  if (first !== undefined)
    throw problem("invalid_input", "harvester.vlan_config_refused", first.message, { errors });
}

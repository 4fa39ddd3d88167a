import type { AdmissionRequest, KubeObject, World } from "../../words.ts";
import { type Fields, isFields, itemsAt, numberAt, textAt, textsAt } from "../machines/fields.ts";
import { all, annotate, annotation, ensured, find, label, mark } from "./look.ts";
import { network, networkMutator } from "./refusals.ts";

const GROUP = "network.harvesterhci.io";
const DEFAULT_MTU = 1500;
const VLAN_LAST = 4094;

const OF_CLUSTER = `${GROUP}/clusternetwork`;

interface Bridge {
  readonly type: string;
  readonly bridge: string;
  readonly vlan: number;
  readonly mtu: number;
  readonly trunk: readonly Fields[];
}

/** What an attachment's `config` text says. @throws Error when it is no JSON object */
export function bridgeOf(attachment: KubeObject): Bridge {
  const written = textAt(attachment, "spec", "config");
  const config: unknown = written === undefined ? {} : JSON.parse(written);
  if (!isFields(config)) throw new Error(`cannot unmarshal ${written} into an object`);
  return {
    type: textAt(config, "type") ?? "bridge",
    bridge: textAt(config, "bridge") ?? "",
    vlan: numberAt(config, "vlan") ?? 0,
    mtu: numberAt(config, "mtu") ?? 0,
    trunk: itemsAt(config, "vlanTrunk"),
  };
}

const sameMtu = (left: number, right: number) => (left || DEFAULT_MTU) === (right || DEFAULT_MTU);

/** The name of the cluster network a bridge belongs to: `mgmt-br` is of `mgmt`. @throws Error */
function clusterOfBridge(name: string): string {
  if (name.length <= 3) throw new Error(`the length of bridge name ${name} is less than 3`);
  if (name.length > 15) throw new Error(`the length of the bridge name ${name} can't be more than 15`);
  if (!name.endsWith("-br")) throw new Error(`the bridge name ${name} does not include suffix -br`);
  return name.slice(0, -3);
}

export function mtuOfCluster(world: World, clusterNetwork: string): number {
  const cluster = find(world, "clusternetworks", undefined, clusterNetwork);
  const said = annotation(cluster, `${GROUP}/uplink-mtu`);
  if (said !== undefined) return Number(said) || DEFAULT_MTU;
  const config = all(world, "vlanconfigs").find(
    (one) => textAt(one, "spec", "clusterNetwork") === clusterNetwork,
  );
  return numberAt(config, "spec", "uplink", "linkAttributes", "mtu") || DEFAULT_MTU;
}

function checkTrunkPart(part: Fields): void {
  const low = numberAt(part, "minID");
  const high = numberAt(part, "maxID");
  const id = numberAt(part, "id");
  const wrong = (value: number) => value < 1 || value > VLAN_LAST;
  if (low !== undefined && high === undefined) {
    throw new Error("minID and maxID should be configured simultaneously, maxID is missing");
  }
  if (low === undefined && high !== undefined) {
    throw new Error("minID and maxID should be configured simultaneously, minID is missing");
  }
  if (low !== undefined && wrong(low)) throw new Error(`incorrect trunk minID parameter ${low}`);
  if (high !== undefined && wrong(high)) throw new Error(`incorrect trunk maxID parameter ${high}`);
  if (low !== undefined && high !== undefined && high < low) {
    throw new Error(`minID ${low} is greater than maxID ${high} in trunk parameter`);
  }
  if (id !== undefined && wrong(id)) throw new Error(`incorrect trunk id parameter ${id}`);
  if (id === undefined && low === undefined) throw new Error("all fields in this VlanTrunk are empty");
}

function checkRoute(attachment: KubeObject): void {
  const written = annotation(attachment, `${GROUP}/route`);
  if (written === undefined) return;
  const route: unknown = JSON.parse(written);
  const mode = textAt(route, "mode");
  if (mode !== undefined && mode !== "auto" && mode !== "manual") throw new Error(`unknown mode ${mode}`);
  if (mode !== "manual") return;
  const cidr = textAt(route, "cidr") ?? "";
  const gateway = textAt(route, "gateway") ?? "";
  if (!/^\d+(\.\d+){3}\/([1-9]|[12]\d|3[0-2])$/.test(cidr)) throw new Error(`the CIDR ${cidr} is invalid`);
  if (!/^\d+(\.\d+){3}$/.test(gateway)) throw new Error(`the gateway ${gateway} is invalid`);
}

function checkConfig(world: World, attachment: KubeObject, config: Bridge): void {
  if (config.vlan < 0 || config.vlan > VLAN_LAST) {
    throw new Error(`vlan ${config.vlan} is out of range [0 .. ${VLAN_LAST}]`);
  }
  if (config.vlan !== 0 && config.trunk.length > 0) {
    throw new Error("vlan can only be 0 when vlanTrunk is set");
  }
  for (const part of config.trunk) checkTrunkPart(part);
  const cluster = clusterOfBridge(config.bridge);
  const said = label(attachment, OF_CLUSTER);
  if (said !== undefined && said !== cluster) {
    throw new Error(`the nad label ${said} does not match bridge name ${cluster}`);
  }
  if (find(world, "clusternetworks", undefined, cluster) === undefined) {
    throw new Error(`nad refers to a none-existing cluster network ${cluster}`);
  }
  const mtu = mtuOfCluster(world, cluster);
  if (!sameMtu(mtu, config.mtu)) {
    throw new Error(`nad MTU ${config.mtu} does not match cluster network MTU ${mtu}`);
  }
}

/** The machines or running instances whose networks name the attachment. */
function usersOf(
  world: World,
  plural: "virtualmachines" | "virtualmachineinstances",
  attachment: KubeObject,
): string[] {
  const { namespace, name } = attachment.metadata;
  const path = plural === "virtualmachines" ? ["spec", "template", "spec"] : ["spec"];
  return all(world, plural)
    .filter((user) =>
      itemsAt(user, ...path, "networks").some((one) => {
        const written = textAt(one, "multus", "networkName");
        return (
          written === `${namespace}/${name}` || (written === name && user.metadata.namespace === namespace)
        );
      }),
    )
    .map((user) => `${user.metadata.namespace}/${user.metadata.name}`);
}

function checkNotRunning(world: World, attachment: KubeObject): void {
  const running = usersOf(world, "virtualmachineinstances", attachment);
  if (running.length > 0) {
    throw new Error(`it's still used by VM(s) ${running.join(", ")} which must be stopped at first`);
  }
}

function checkChange(world: World, attachment: KubeObject, old: KubeObject): void {
  const next = bridgeOf(attachment);
  const before = bridgeOf(old);
  checkRoute(attachment);
  if (JSON.stringify(next) === JSON.stringify(before)) return;
  if (next.type !== before.type) {
    throw new Error(`nad cannot be updated from network type ${before.type} to network type ${next.type}`);
  }
  if (next.bridge !== before.bridge) {
    throw new Error(`nad bridge name can't be changed from ${before.bridge} to ${next.bridge}`);
  }
  checkConfig(world, attachment, next);
  checkNotRunning(world, attachment);
}

/** A refusal of the network webhook carries no code of its own: 500 with what happened. */
function told<T>(verb: string, attachment: KubeObject, check: () => T): T {
  try {
    return check();
  } catch (error) {
    const { namespace, name } = attachment.metadata;
    const why = error instanceof Error ? error.message : String(error);
    throw network.internal(`can't ${verb} nad ${namespace}/${name} because ${why}`);
  }
}

export function checkAttachment({ operation, object, old, world }: AdmissionRequest): void {
  if (object.metadata.deletionTimestamp && operation !== "DELETE") return;
  if (operation === "CREATE") {
    told("create", object, () => {
      checkConfig(world, object, bridgeOf(object));
      checkRoute(object);
    });
  } else if (operation === "UPDATE" && old !== undefined) {
    told("update", object, () => checkChange(world, object, old));
  } else if (operation === "DELETE") {
    told("delete", object, () => {
      checkNotRunning(world, object);
      const machines = usersOf(world, "virtualmachines", object);
      if (machines.length === 0) return;
      throw new Error(
        `it's still used by VM(s) ${machines.join(", ")} which must remove the related networks and interfaces`,
      );
    });
  }
}

/** The labels by which an attachment is found, and the MTU of its cluster network. */
export function fillAttachment({ operation, object, world }: AdmissionRequest): void {
  if (operation === "DELETE" || object.metadata.deletionTimestamp) return;
  let config: Bridge;
  let cluster: string;
  try {
    config = bridgeOf(object);
    cluster = clusterOfBridge(config.bridge);
  } catch (error) {
    const { namespace, name } = object.metadata;
    const verb = operation === "CREATE" ? "create" : "update";
    const why = error instanceof Error ? error.message : String(error);
    throw networkMutator.internal(`can't ${verb} nad ${namespace}/${name} because ${why}`);
  }
  if (config.vlan < 0 || config.vlan > VLAN_LAST) return;
  const mtu = mtuOfCluster(world, cluster);
  if (operation === "CREATE" && !sameMtu(mtu, config.mtu)) {
    const written: unknown = JSON.parse(textAt(object, "spec", "config") ?? "{}");
    if (isFields(written)) {
      ensured(object, "spec")["config"] = JSON.stringify({ ...written, mtu });
    }
  }
  if (label(object, OF_CLUSTER) === undefined) mark(object, OF_CLUSTER, cluster);
  markType(object, config);
  mark(object, `${GROUP}/ready`, find(world, "clusternetworks", undefined, cluster) ? "true" : "false");
}

function markType(attachment: KubeObject, config: Bridge): void {
  const tagged = config.vlan !== 0;
  const type = tagged ? "L2VlanNetwork" : config.trunk.length > 0 ? "L2VlanTrunkNetwork" : "UntaggedNetwork";
  mark(attachment, `${GROUP}/type`, type);
  if (tagged) mark(attachment, `${GROUP}/vlan-id`, String(config.vlan));
  else delete attachment.metadata.labels?.[`${GROUP}/vlan-id`];
}

/** The nodes a configuration covers: those its selector takes, without witnesses. */
export function nodesOf(world: World, config: KubeObject): string[] {
  const wanted = Object.entries(textsAt(config, "spec", "nodeSelector"));
  return all(world, "nodes")
    .filter((node) => label(node, "node-role.harvesterhci.io/witness") === undefined)
    .filter((node) => wanted.every(([key, value]) => label(node, key) === value))
    .map((node) => node.metadata.name);
}

export const MATCHED_NODES = `${GROUP}/matched-nodes`;

export function fillVlanConfig({ operation, object, world }: AdmissionRequest): void {
  const cluster = textAt(object, "spec", "clusterNetwork") ?? "";
  if (operation === "DELETE" || object.metadata.deletionTimestamp || cluster === "mgmt") return;
  mark(object, OF_CLUSTER, cluster);
  const nodes = nodesOf(world, object);
  if (nodes.length > 0) annotate(object, MATCHED_NODES, JSON.stringify(nodes));
}

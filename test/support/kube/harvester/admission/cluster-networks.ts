import type { AdmissionRequest, KubeObject, World } from "../../words.ts";
import { at, itemsAt, numberAt, parsedText, textAt } from "../machines/fields.ts";
import { all, annotation, find, isController, label } from "./look.ts";
import { MATCHED_NODES, nodesOf } from "./networks.ts";
import { network } from "./refusals.ts";

const OF_CLUSTER = "network.harvesterhci.io/clusternetwork";
const UPLINK_MTU = "network.harvesterhci.io/uplink-mtu";
const MTU_LEAST = 576;
const MTU_MOST = 9000;

const mtuOf = (config: KubeObject) => numberAt(config, "spec", "uplink", "linkAttributes", "mtu") ?? 0;
const sameMtu = (left: number, right: number) => (left || 1500) === (right || 1500);

function checkMtu(world: World, config: KubeObject): void {
  const mtu = mtuOf(config);
  if (mtu !== 0 && (mtu < MTU_LEAST || mtu > MTU_MOST)) {
    throw new Error(`the MTU ${mtu} is out of range [0, ${MTU_LEAST}..${MTU_MOST}]`);
  }
  for (const other of configsOf(world, textAt(config, "spec", "clusterNetwork") ?? "")) {
    if (other.metadata.name === config.metadata.name || sameMtu(mtu, mtuOf(other))) continue;
    throw new Error(
      `the vlanconfig ${config.metadata.name} MTU ${mtu} is different with another vlanconfig ${other.metadata.name} MTU ${mtuOf(other)}, all vlanconfigs on one clusternetwork need to have same MTU`,
    );
  }
}

function configsOf(world: World, cluster: string): KubeObject[] {
  return all(world, "vlanconfigs").filter(
    (config) => textAt(config, "spec", "clusterNetwork") === cluster && !config.metadata.deletionTimestamp,
  );
}

/** Every node carries one configuration of a cluster network. */
function checkOverlaps(world: World, config: KubeObject): void {
  const nodes = new Set(nodesOf(world, config));
  const taken = configsOf(world, textAt(config, "spec", "clusterNetwork") ?? "")
    .filter((other) => other.metadata.name !== config.metadata.name)
    .flatMap((other) => nodesOf(world, other))
    .filter((node) => nodes.has(node));
  if (taken.length > 0) {
    throw new Error(`it overlaps with other vlanconfigs matching node(s) [${taken.join(" ")}]`);
  }
}

/** Running machines on the nodes that a change takes the network from. */
function checkNoInstances(world: World, cluster: string, nodes: ReadonlySet<string>): void {
  const attachments = new Set(
    all(world, "network-attachment-definitions")
      .filter((one) => label(one, OF_CLUSTER) === cluster)
      .map((one) => `${one.metadata.namespace}/${one.metadata.name}`),
  );
  const blocking = all(world, "virtualmachineinstances")
    .filter((instance) => nodes.has(textAt(instance, "status", "nodeName") ?? ""))
    .filter((instance) =>
      itemsAt(instance, "spec", "networks").some((one) => {
        const written = textAt(one, "multus", "networkName") ?? "";
        return attachments.has(written) || attachments.has(`${instance.metadata.namespace}/${written}`);
      }),
    )
    .map((instance) => `${instance.metadata.namespace}/${instance.metadata.name}`);
  if (blocking.length > 0) {
    throw new Error(`it is blocked by VM(s) ${blocking.join(", ")} which must be stopped at first`);
  }
}

function matched(config: KubeObject): string[] {
  const nodes = parsedText(annotation(config, MATCHED_NODES));
  return Array.isArray(nodes) ? nodes.map(String) : [];
}

function checkExists(world: World, cluster: string): void {
  if (cluster.length > 12) {
    throw new Error(`the length of the clusterNetwork name ${cluster} is more than 12`);
  }
  if (find(world, "clusternetworks", undefined, cluster) === undefined) {
    throw new Error(`it refers to a none-existing cluster network ${cluster}`);
  }
}

function checkConfigChange(world: World, object: KubeObject, old: KubeObject): void {
  const affected = new Set(matched(old));
  const sameNetwork =
    textAt(old, "spec", "clusterNetwork") === textAt(object, "spec", "clusterNetwork") &&
    JSON.stringify(at(old, "spec", "uplink")) === JSON.stringify(at(object, "spec", "uplink"));
  if (sameNetwork) for (const node of matched(object)) affected.delete(node);
  checkNoInstances(world, textAt(old, "spec", "clusterNetwork") ?? "", affected);
}

export function checkVlanConfig({ operation, object, old, world, user }: AdmissionRequest): void {
  if (operation === "UPDATE" && object.metadata.deletionTimestamp) return;
  const cluster = textAt(object, "spec", "clusterNetwork") ?? "";
  const verb = operation.toLowerCase();
  refuseAs(`can't ${verb} vlanConfig ${object.metadata.name}`, () => {
    if (cluster === "mgmt" && !isController(user)) {
      throw new Error(`users can't ${verb} vlanConfig for mgmt cluster network`);
    }
    if (operation === "DELETE") {
      checkNoInstances(world, cluster, new Set(matched(object)));
      return;
    }
    checkExists(world, cluster);
    checkMtu(world, object);
    checkOverlaps(world, object);
    if (old !== undefined) checkConfigChange(world, object, old);
  });
}

function refuseAs(what: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw network.internal(`${what} because ${error instanceof Error ? error.message : String(error)}`);
  }
}

function checkNewCluster(cluster: KubeObject): void {
  const { name } = cluster.metadata;
  if (name.length > 12) throw new Error(`the length of the clusterNetwork name ${name} is more than 12`);
  if (annotation(cluster, UPLINK_MTU) !== undefined) {
    throw new Error(`annotation ${UPLINK_MTU} can't be added`);
  }
}

function checkClusterMtu(world: World, cluster: KubeObject): void {
  const written = annotation(cluster, UPLINK_MTU);
  const mtu = written === undefined ? 1500 : Number(written);
  if (!Number.isInteger(mtu)) throw new Error(`value ${written} is not an integer`);
  if (mtu !== 0 && (mtu < MTU_LEAST || mtu > MTU_MOST)) {
    throw new Error(`value ${written} is not in range [0, ${MTU_LEAST}..${MTU_MOST}]`);
  }
  for (const config of configsOf(world, cluster.metadata.name)) {
    if (sameMtu(mtu, mtuOf(config))) continue;
    throw new Error(
      `clusternetwork has MTU ${mtu}, but the vlanconfigs ${config.metadata.name} has another MTU ${mtuOf(config)}`,
    );
  }
}

function checkClusterDeletion(world: World, cluster: KubeObject): void {
  const { name } = cluster.metadata;
  if (name === "mgmt") throw new Error("it is not allowed");
  const configs = configsOf(world, name).map((config) => config.metadata.name);
  if (configs.length > 0) {
    throw new Error(`vlanconfig(s) [${configs.join(" ")}] under this clusternetwork are still existing`);
  }
  const attachments = all(world, "network-attachment-definitions")
    .filter((one) => label(one, OF_CLUSTER) === name)
    .map((one) => `${one.metadata.namespace}/${one.metadata.name}`);
  if (attachments.length > 0) {
    throw new Error(`nads(s) ${attachments.join(", ")} under this clusternetwork are still existing`);
  }
}

export function checkClusterNetwork({ operation, object, world }: AdmissionRequest): void {
  refuseAs(`can't ${operation.toLowerCase()} cluster network ${object.metadata.name}`, () => {
    if (operation === "CREATE") checkNewCluster(object);
    else if (operation === "DELETE") checkClusterDeletion(world, object);
    else if (!object.metadata.deletionTimestamp) checkClusterMtu(world, object);
  });
}

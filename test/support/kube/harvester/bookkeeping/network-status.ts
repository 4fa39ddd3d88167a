import type { KubeObject, World } from "../../words.ts";
import { all, annotate, find, kindOf, mark } from "../admission/look.ts";
import { MATCHED_NODES, nodesOf } from "../admission/networks.ts";
import { shortHash } from "../controllers/emit.ts";
import { editIfChanged, type Key, reconciler } from "../controllers/reconciler.ts";
import { withCondition } from "../machines/conditions.ts";
import { fieldsAt, itemsAt, numberAt, textAt } from "../machines/fields.ts";

const GROUP = "network.harvesterhci.io";
const READY = { type: "ready", status: "True" } as const;

function statusName(cluster: string, node: string): string {
  return `${cluster}-${node}-${shortHash(cluster, node)}`;
}

function labelNode(world: World, node: string, cluster: string, present: boolean): void {
  editIfChanged(world.store, kindOf(world, "nodes"), { namespace: undefined, name: node }, (stored) => {
    if (present) mark(stored, `${GROUP}/${cluster}`, "true");
    else delete stored.metadata.labels?.[`${GROUP}/${cluster}`];
  });
}

function writeStatus(world: World, config: KubeObject, cluster: string, node: string): void {
  const kind = kindOf(world, "vlanstatuses");
  const name = statusName(cluster, node);
  const status = {
    clusterNetwork: cluster,
    vlanConfig: config.metadata.name,
    linkMonitor: cluster,
    node,
    conditions: withCondition([], READY, world.clock.now()),
  };
  if (find(world, "vlanstatuses", undefined, name) !== undefined) return;
  world.store.create(kind, {
    metadata: {
      name,
      labels: {
        [`${GROUP}/clusternetwork`]: cluster,
        [`${GROUP}/vlanconfig`]: config.metadata.name,
        [`${GROUP}/node`]: node,
      },
      uid: "",
      resourceVersion: "",
      creationTimestamp: "",
    },
    status,
  });
}

/** Takes away the statuses that a configuration no longer stands for, and the labels with them. */
function sweep(world: World, name: string, kept: readonly string[]): void {
  for (const status of all(world, "vlanstatuses")) {
    if (textAt(status, "status", "vlanConfig") !== name || kept.includes(status.metadata.name)) continue;
    labelNode(
      world,
      textAt(status, "status", "node") ?? "",
      textAt(status, "status", "clusterNetwork") ?? "",
      false,
    );
    world.store.delete(kindOf(world, "vlanstatuses"), undefined, status.metadata.name);
  }
}

function settle(world: World, key: Key): void {
  const config = find(world, "vlanconfigs", undefined, key.name);
  const live = config !== undefined && config.metadata.deletionTimestamp === undefined;
  const cluster = live ? (textAt(config, "spec", "clusterNetwork") ?? "") : "";
  const nodes = live ? nodesOf(world, config) : [];
  sweep(
    world,
    key.name,
    nodes.map((node) => statusName(cluster, node)),
  );
  if (!live) return;
  for (const node of nodes) {
    writeStatus(world, config, cluster, node);
    labelNode(world, node, cluster, true);
  }
  editIfChanged(world.store, kindOf(world, "vlanconfigs"), key, (stored) => {
    annotate(stored, MATCHED_NODES, JSON.stringify(nodes));
  });
  const mtu = numberAt(config, "spec", "uplink", "linkAttributes", "mtu");
  if (mtu === undefined || mtu === 0) return;
  const network = { namespace: undefined, name: cluster };
  editIfChanged(world.store, kindOf(world, "clusternetworks"), network, (stored) => {
    annotate(stored, `${GROUP}/uplink-mtu`, String(mtu));
  });
}

/** A configuration takes hold on its nodes: a status for each, and a label that machines go by. */
export const vlanConfigs = reconciler({
  name: "vlanconfigs",
  watches: [
    { group: GROUP, plural: "vlanconfigs" },
    {
      group: "",
      plural: "nodes",
      concerns: ({ type }, world) =>
        type === "MODIFIED"
          ? []
          : all(world, "vlanconfigs").map((config) => ({ namespace: undefined, name: config.metadata.name })),
    },
  ],
  reconcile(world, key) {
    settle(world, key);
    return undefined;
  },
});

/** Cluster networks are ready once they are there; every host is on the management network. */
export const clusterNetworks = reconciler({
  name: "clusternetworks",
  watches: [
    { group: GROUP, plural: "clusternetworks" },
    {
      group: "",
      plural: "nodes",
      concerns: ({ type }) => (type === "ADDED" ? [{ namespace: undefined, name: "mgmt" }] : []),
    },
  ],
  reconcile(world, key) {
    editIfChanged(world.store, kindOf(world, "clusternetworks"), key, (network) => {
      const conditions = withCondition(itemsAt(network, "status", "conditions"), READY, world.clock.now());
      network["status"] = { ...fieldsAt(network, "status"), conditions };
    });
    if (key.name === "mgmt" && find(world, "clusternetworks", undefined, "mgmt") !== undefined) {
      for (const node of all(world, "nodes")) labelNode(world, node.metadata.name, "mgmt", true);
    }
    return undefined;
  },
});

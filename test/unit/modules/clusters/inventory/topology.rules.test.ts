import { describe, expect, it } from "vitest";
import type { InventoryItem } from "../../../../../src/kernel/ports/clusters.ts";
import { topologyOf } from "../../../../../src/modules/clusters/inventory/topology.rules.ts";

const item = (key: string, summary: Record<string, unknown>): InventoryItem => ({
  key,
  uid: key,
  resourceVersion: "1",
  summary,
  seenAt: 0,
});

const vm = item("kubevirt.io/virtualmachines/default/train", {
  printableStatus: "Running",
  state: "running",
  runStrategy: "Always",
  cpus: 4,
  memoryBytes: 1,
  host: "n1",
  addresses: [],
  volumes: ["default/disk-0", "default/elsewhere"],
  networks: ["default/vlan100"],
  image: null,
});
const disk = item("core/persistentvolumeclaims/default/disk-0", {
  phase: "Bound",
  sizeBytes: 1,
  storageClass: "lh",
  image: "default/jammy",
  backing: "pvc-1",
});

describe("the topology of a cluster", () => {
  it("draws a machine to its host, its volumes and its networks, and a volume to its image and replicas", () => {
    const others = [
      item("core/nodes//n1", { state: "ready" }),
      item("k8s.cni.cncf.io/network-attachment-definitions/default/vlan100", { kind: "L2VlanNetwork" }),
      item("harvesterhci.io/virtualmachineimages/default/jammy", { state: "ready" }),
      item("longhorn.io/volumes/longhorn-system/pvc-1", { robustness: "degraded" }),
      item("harvesterhci.io/virtualmachinebackups/default/b1", {
        type: "backup",
        vm: "default/train",
        state: "ready",
        progress: 100,
        error: null,
      }),
    ];
    const { nodes, edges } = topologyOf([vm, disk, ...others]);
    expect(
      edges.map(({ kind, from, to }) => `${from.split("/").pop()} ${kind} ${to.split("/").pop()}`).sort(),
    ).toEqual([
      "b1 backup_of train",
      "disk-0 made_from jammy",
      "disk-0 stored_by pvc-1",
      "train attached_to vlan100",
      "train runs_on n1",
      "train uses disk-0",
    ]);
    expect(nodes.find(({ name }) => name === "pvc-1")).toMatchObject({ kind: "replicas", state: "degraded" });
    expect(nodes.find(({ name }) => name === "n1")).toMatchObject({
      kind: "host",
      namespace: null,
      state: "ready",
    });
  });

  it("leaves out lines to what is not there, and copes with summaries that are none", () => {
    expect(topologyOf([vm]).edges).toEqual([]);
    expect(topologyOf([item("kubevirt.io/virtualmachines/default/odd", {})])).toMatchObject({
      nodes: [{ state: null }],
      edges: [],
    });
  });
});

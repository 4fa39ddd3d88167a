import { describe, expect, it } from "vitest";
import { clusterEvent } from "../../../../agent/src/inventory/cluster-event.rules.ts";
import type { KubeObject } from "../../../../agent/src/inventory/kube-object.ts";
import { quantity } from "../../../../agent/src/inventory/quantity.rules.ts";
import { summaryOf } from "../../../../agent/src/inventory/summary.rules.ts";
import { type InventoryKind, summaries } from "../../../../contracts/relay/summaries.ts";

const metadata = { name: "a", namespace: "default", uid: "u", resourceVersion: "1" };
const alone = { find: () => undefined };

describe("quantities", () => {
  it.each([
    ["500m", 0.5],
    ["8Gi", 8 * 2 ** 30],
    ["1e3", 1000],
    ["2k", 2000],
    ["16", 16],
    [".5", 0.5],
    ["nonsense", 0],
    ["-1", 0],
    [undefined, 0],
    [4, 4],
  ])("reads %s", (text, value) => {
    expect(quantity(text)).toBe(value);
  });
});

describe("summaries", () => {
  it("are what the contract says, even of objects that say nothing", () => {
    for (const kind of Object.keys(summaries) as InventoryKind[]) {
      expect(summaries[kind].safeParse(summaryOf(kind, { metadata }, alone)).success, kind).toBe(true);
    }
  });

  it("show a machine with its instance, its volumes and where its disk came from", () => {
    const machine: KubeObject = {
      metadata,
      spec: {
        runStrategy: "RerunOnFailure",
        template: {
          spec: {
            domain: { cpu: { cores: 2, sockets: 2, threads: 1 }, memory: { guest: "4Gi" } },
            networks: [{ multus: { networkName: "vlan100" } }, { pod: {} }],
            volumes: [
              { persistentVolumeClaim: { claimName: "disk" } },
              { cloudInitNoCloud: { userData: "secret" } },
            ],
          },
        },
      },
      status: { printableStatus: "Running" },
    };
    const around = {
      find: (kind: string) =>
        kind.endsWith("instances")
          ? { metadata, status: { nodeName: "n1", interfaces: [{ ipAddresses: ["10.0.0.1", "fe80::1"] }] } }
          : { metadata: { ...metadata, annotations: { "harvesterhci.io/imageId": "default/jammy" } } },
    };
    expect(summaryOf("kubevirt.io/virtualmachines", machine, around)).toEqual({
      printableStatus: "Running",
      state: "running",
      runStrategy: "RerunOnFailure",
      cpus: 4,
      memoryBytes: 4 * 2 ** 30,
      host: "n1",
      addresses: ["10.0.0.1", "fe80::1"],
      volumes: ["default/disk"],
      networks: ["default/vlan100", "pod"],
      image: "default/jammy",
    });
  });

  it("tell a host that is drained, one that is not ready and one that nobody hears of", () => {
    const host = (status: string | undefined, annotations = {}) =>
      summaryOf(
        "core/nodes",
        { metadata: { ...metadata, annotations }, status: { conditions: [{ type: "Ready", status }] } },
        alone,
      )["state"];
    expect([
      host("True"),
      host("False"),
      host("Unknown"),
      host("True", { "harvesterhci.io/maintain-status": "running" }),
    ]).toEqual(["ready", "not_ready", "unknown", "maintenance"]);
  });
});

describe("events of the cluster", () => {
  const event = (more: object): KubeObject => ({
    metadata,
    type: "Warning",
    reason: "BackOff",
    message: "back-off",
    involvedObject: { kind: "Pod", name: "p", namespace: "default", uid: "x" },
    lastTimestamp: "2026-01-01T00:00:00Z",
    ...more,
  });

  it("are told when they warn or matter, and ever more rarely when they repeat", () => {
    expect(clusterEvent(event({ count: 4 }))).toMatchObject({
      id: "u/4",
      reason: "BackOff",
      at: Date.parse("2026-01-01"),
    });
    expect(clusterEvent(event({ count: 5 }))).toBeUndefined();
    expect(clusterEvent(event({ type: "Normal" }))).toBeUndefined();
    expect(clusterEvent(event({ type: "Normal", reason: "NodeNotReady" }))).toMatchObject({ type: "Normal" });
  });
});

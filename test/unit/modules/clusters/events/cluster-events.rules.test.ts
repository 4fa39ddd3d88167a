import { describe, expect, it } from "vitest";
import { clusterFacts, crashFact } from "../../../../../src/modules/clusters/events/cluster-events.rules.ts";

const host = (state: string) => ({
  state,
  schedulable: true,
  roles: [],
  address: null,
  cpus: 16,
  memoryBytes: 1,
  gpus: 0,
  version: "v1.8",
});
const machine = (state: string) => ({
  printableStatus: "x",
  state,
  runStrategy: "Always",
  cpus: 1,
  memoryBytes: 1,
  host: null,
  addresses: [],
  volumes: [],
  networks: [],
  image: null,
});
const backup = (state: string, error: string | null = null) => ({
  type: "backup",
  vm: "default/train",
  state,
  progress: 0,
  error,
});
const change = (key: string, before: object | undefined, after: object | undefined) => ({
  key,
  uid: "u1",
  seq: 7,
  ...(before ? { before: before as Record<string, unknown> } : {}),
  ...(after ? { after: after as Record<string, unknown> } : {}),
});

describe("what a change of the inventory means to the rules", () => {
  it("tells each new state of a host once, under a name that no other cluster has", () => {
    const facts = clusterFacts("seoul", change("core/nodes//n1", host("ready"), host("not_ready")));
    expect(facts).toEqual([
      {
        id: "host.state:u1:7:not_ready",
        type: "host.state",
        subject: "seoul/n1",
        data: {
          host: "seoul/n1",
          state: "not_ready",
          before: "ready",
          cluster: "seoul",
          namespace: "",
          name: "n1",
        },
      },
    ]);
    expect(clusterFacts("seoul", change("core/nodes//n1", host("ready"), host("ready")))).toEqual([]);
  });

  it("does not repeat a healthy cluster when it is seen for the first time, but tells what is in trouble", () => {
    expect(
      clusterFacts("c", change("kubevirt.io/virtualmachines/default/a", undefined, machine("running"))),
    ).toEqual([]);
    expect(
      clusterFacts("c", change("kubevirt.io/virtualmachines/default/a", undefined, machine("crashed"))),
    ).toMatchObject([{ type: "vm.state", data: { vm: "c/default/a", state: "crashed", before: null } }]);
  });

  it("tells when a machine comes back, so that its alert ends", () => {
    const facts = clusterFacts(
      "c",
      change("kubevirt.io/virtualmachines/default/a", machine("crashed"), machine("running")),
    );
    expect(facts).toMatchObject([{ data: { vm: "c/default/a", state: "running", before: "crashed" } }]);
  });

  it("names the volume of a degraded replica set by its claim too", () => {
    const volume = (robustness: string) => ({
      robustness,
      state: "attached",
      replicas: 3,
      claim: "default/disk-0",
    });
    const facts = clusterFacts(
      "c",
      change("longhorn.io/volumes/longhorn-system/pvc-1", volume("healthy"), volume("degraded")),
    );
    expect(facts).toMatchObject([
      { type: "volume.state", data: { robustness: "degraded", claim: "default/disk-0" } },
    ]);
  });

  it("tells that a backup began, and how it ended, under ids that repeats share", () => {
    const key = "harvesterhci.io/virtualmachinebackups/default/b1";
    expect(clusterFacts("c", change(key, undefined, backup("running")))).toMatchObject([
      { type: "backup.started", id: "backup.started:u1" },
    ]);
    expect(clusterFacts("c", change(key, backup("running"), backup("failed", "no space")))).toMatchObject([
      { type: "backup.finished", data: { target: "c/default/train", status: "failed", error: "no space" } },
    ]);
    expect(clusterFacts("c", change(key, backup("running"), backup("ready")))).toMatchObject([
      { data: { status: "succeeded" } },
    ]);
    expect(clusterFacts("c", change(key, undefined, backup("ready")))).toEqual([]);
  });

  it("ends the trouble of a thing that is removed, whoever told of it", () => {
    const key = "kubevirt.io/virtualmachines/default/a";
    expect(clusterFacts("c", change(key, machine("crashed"), undefined))).toMatchObject([
      { data: { state: "removed", before: "crashed" } },
    ]);
    expect(clusterFacts("c", change(key, machine("running"), undefined))).toMatchObject([
      { data: { state: "removed" } },
    ]);
  });

  it("says nothing of what was never known, of unknown kinds, and of summaries that are none", () => {
    expect(clusterFacts("c", change("core/nodes//n1", undefined, undefined))).toEqual([]);
    expect(
      clusterFacts("c", change("core/namespaces//x", { phase: "Active" }, { phase: "Terminating" })),
    ).toEqual([]);
    expect(clusterFacts("c", change("core/nodes//n1", host("ready"), { odd: 1 }))).toEqual([]);
  });

  it("knows a crash by the cluster's own event, though the machine is started again at once", () => {
    const event = {
      id: "e1/1",
      at: 5,
      reason: "Stopped",
      type: "Warning",
      message: "The VirtualMachineInstance crashed.",
      object: { kind: "VirtualMachineInstance", namespace: "default", name: "a", uid: "u" },
    };
    expect(crashFact("c", event)).toMatchObject({
      id: "vm.state:e1/1:crashed",
      type: "vm.state",
      data: { vm: "c/default/a", state: "crashed" },
    });
    expect(
      crashFact("c", { ...event, type: "Normal", message: "The VirtualMachineInstance was shut down." }),
    ).toBeUndefined();
    expect(crashFact("c", { ...event, object: { ...event.object, kind: "Pod" } })).toBeUndefined();
  });
});

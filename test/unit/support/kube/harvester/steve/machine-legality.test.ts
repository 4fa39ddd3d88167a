import { describe, expect, it } from "vitest";
import {
  type MachineFacts,
  machineActions,
  removableNics,
  whyNotMigratable,
} from "../../../../../support/kube/harvester/steve/machine-legality.rules.ts";
import type { KubeObject } from "../../../../../support/kube/words.ts";

const METADATA = { name: "web", namespace: "default", uid: "u", resourceVersion: "1", creationTimestamp: "" };

function object(kind: string, fields: Record<string, unknown>, annotations = {}): KubeObject {
  return { apiVersion: "kubevirt.io/v1", kind, metadata: { ...METADATA, annotations }, ...fields };
}

function machine(runStrategy: string, status = {}, annotations = {}): KubeObject {
  const devices = {
    disks: [],
    interfaces: [{ name: "default", bridge: {}, macAddress: "02:00:00:00:00:01" }],
  };
  const domain = { cpu: { cores: 1, sockets: 2, threads: 1 }, devices };
  return object(
    "VirtualMachine",
    { spec: { runStrategy, template: { spec: { domain } } }, status },
    annotations,
  );
}

function instance(phase: string, fields: Record<string, unknown> = {}, annotations = {}): KubeObject {
  return object("VirtualMachineInstance", { spec: {}, status: { phase }, ...fields }, annotations);
}

function offered(facts: Partial<MachineFacts>): string[] {
  return machineActions({
    machine: machine("RerunOnFailure"),
    instance: undefined,
    nodes: 3,
    backups: 0,
    hasBackupTarget: true,
    hasImportedVolume: false,
    canSnapshot: true,
    mayEditQuota: false,
    ...facts,
  });
}

describe("a machine that is stopped", () => {
  it("can be started, not stopped, and restored once it has a backup", () => {
    const halted = machine("Halted");
    expect(offered({ machine: halted })).toEqual([
      "addVolume",
      "removeVolume",
      "clone",
      "start",
      "backup",
      "snapshot",
      "createTemplate",
    ]);
    expect(offered({ machine: halted, backups: 1 })).toContain("restore");
    expect(offered({ machine: machine("Halted", { ready: true }), backups: 1 })).not.toContain("restore");
  });

  it("can't be started twice, and can be stopped where it starts by itself", () => {
    const starting = machine("Manual", { stateChangeRequests: [{ action: "Start" }] });
    expect(offered({ machine: starting })).not.toContain("start");
    expect(offered({ machine: machine("Always") })).toContain("stop");
    expect(offered({ machine: machine("Manual") })).not.toContain("stop");
  });

  it("can't be backed up without a target or with an imported volume", () => {
    expect(offered({ hasBackupTarget: false })).not.toContain("backup");
    expect(offered({ hasImportedVolume: true })).not.toContain("backup");
    expect(offered({ canSnapshot: false })).not.toContain("snapshot");
    const busy = machine("Halted", { snapshotInProgress: "s1" });
    expect(offered({ machine: busy })).not.toContain("snapshot");
  });
});

describe("a machine that runs", () => {
  const running = instance("Running");

  it("can be stopped, restarted, paused and moved", () => {
    const actions = offered({ instance: running });
    for (const name of [
      "stop",
      "restart",
      "pause",
      "softreboot",
      "migrate",
      "findMigratableNodes",
      "addNic",
    ]) {
      expect(actions).toContain(name);
    }
    for (const name of ["start", "unpause", "abortMigration", "restore", "forceStop"]) {
      expect(actions).not.toContain(name);
    }
  });

  it("can only go on once it is paused", () => {
    const conditions = [{ type: "Paused", status: "True" }];
    const paused = instance("Running", { status: { phase: "Running", conditions } });
    expect(offered({ instance: paused })).toContain("unpause");
    expect(offered({ instance: paused })).not.toContain("pause");
    const probed = instance("Running", { spec: { livenessProbe: {} } });
    expect(offered({ instance: probed })).not.toContain("pause");
  });

  it("moves only where there is another host, nothing holds it, and it does not move already", () => {
    expect(offered({ instance: running, nodes: 1 })).not.toContain("migrate");
    const moving = instance("Running", {}, { "harvesterhci.io/migrationState": "Migrating" });
    expect(offered({ instance: moving })).not.toContain("migrate");
    expect(offered({ instance: moving })).toContain("abortMigration");
    const waiting = instance("Running", {}, { "harvesterhci.io/migrationState": "Pending migration" });
    expect(offered({ instance: waiting })).toContain("abortMigration");
    const gpu = instance("Running", { spec: { domain: { devices: { gpus: [{ name: "g" }] } } } });
    expect(whyNotMigratable(gpu)).toContain("vGPU devices are attached");
    const pinned = instance("Running", { spec: { nodeSelector: { "kubernetes.io/hostname": "n1" } } });
    expect(whyNotMigratable(pinned)).toContain("node selector is set");
    const conditions = [{ type: "LiveMigratable", status: "False", reason: "DisksNotLiveMigratable" }];
    const disks = instance("Running", { status: { phase: "Running", conditions } });
    expect(whyNotMigratable(disks)).toContain("DisksNotLiveMigratable");
    expect(whyNotMigratable(running)).toBeUndefined();
  });

  it("grows while it runs only when it was made for that", () => {
    const annotations = { "harvesterhci.io/enableCPUAndMemoryHotplug": "true" };
    const ready = machine("Always", { printableStatus: "Running" }, annotations);
    expect(offered({ machine: ready, instance: running })).toContain("cpuAndMemoryHotplug");
    const conditions = [{ type: "RestartRequired", status: "True" }];
    const waits = machine("Always", { printableStatus: "Running", conditions }, annotations);
    expect(offered({ machine: waits, instance: running })).not.toContain("cpuAndMemoryHotplug");
    expect(offered({ instance: running })).not.toContain("cpuAndMemoryHotplug");
  });
});

describe("a machine", () => {
  it("can be forced off only while it stops", () => {
    expect(offered({ machine: machine("Halted", { printableStatus: "Stopping" }) })).toContain("forceStop");
  });

  it("never gives its last interface away, and only bridged ones", () => {
    const one = machine("Always");
    expect(removableNics(one)).toEqual([]);
    const nic = (name: string, kind: object) => ({ name, macAddress: "02:00:00:00:00:02", ...kind });
    const interfaces = [
      nic("a", { bridge: {} }),
      nic("b", { masquerade: {} }),
      nic("c", { bridge: {}, model: "e1000" }),
    ];
    const template = { spec: { domain: { devices: { interfaces } } } };
    const three = object("VirtualMachine", { spec: { template } });
    expect(removableNics(three)).toEqual(["a"]);
  });

  it("offers what its drives and its moving disks allow", () => {
    const disks = [{ name: "cd", cdrom: { bus: "sata" } }];
    const template = { spec: { domain: { devices: { disks, interfaces: [] } }, volumes: [] } };
    const empty = object("VirtualMachine", { spec: { runStrategy: "Halted", template } });
    expect(offered({ machine: empty })).toContain("insertCdRomVolume");
    const claims = JSON.stringify([{ metadata: { name: "a" }, spec: {}, targetVolume: "b" }]);
    const moving = machine("Always", {}, { "harvesterhci.io/volumeClaimTemplates": claims });
    expect(offered({ machine: moving })).toContain("cancelStorageMigration");
    expect(offered({ mayEditQuota: true })).toContain("updateResourceQuota");
  });
});

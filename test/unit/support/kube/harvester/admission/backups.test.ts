import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Api,
  at,
  disksOver,
  MACHINES,
  machine,
  NFS,
  OWN,
  putClaim,
  said,
  setSetting,
  startHarvester,
} from "../start-harvester.ts";

const MERGE = { type: "application/merge-patch+json" };
const HOME = `${OWN}/namespaces/default`;
let api: Api;
beforeAll(async () => {
  api = await startHarvester();
  putClaim(api.sim.world, "disk");
  await api.ask("POST", MACHINES, machine("web", disksOver("disk")));
});
afterAll(() => api.sim.stop());

const source = { apiGroup: "kubevirt.io", kind: "VirtualMachine", name: "web" };

function own(kind: string, name: string, spec: object) {
  return { apiVersion: "harvesterhci.io/v1beta1", kind, metadata: { name }, spec };
}

const backUp = (name: string, spec: object) =>
  api.ask("POST", `${HOME}/virtualmachinebackups`, own("VirtualMachineBackup", name, { source, ...spec }));

const schedule = (name: string, spec: object) =>
  api.ask(
    "POST",
    `${HOME}/schedulevmbackups`,
    own("ScheduleVMBackup", name, { cron: "0 2 * * *", vmbackup: { source, type: "backup" }, ...spec }),
  );

const restore = (name: string, spec: object) =>
  api.ask(
    "POST",
    `${HOME}/virtualmachinerestores`,
    own("VirtualMachineRestore", name, {
      target: { ...source, name: "web" },
      virtualMachineBackupName: "b1",
      virtualMachineBackupNamespace: "default",
      ...spec,
    }),
  );

function edit(plural: string, name: string, change: (object: Record<string, unknown>) => void): void {
  const { store } = api.sim.world;
  const group = plural.startsWith("virtualmachineb") ? "harvesterhci.io" : "kubevirt.io";
  store.edit(store.kindOf(group, plural), "default", name, change);
}

describe("a backup", () => {
  it("needs a target; a snapshot needs none", async () => {
    const answer = await backUp("b1", { type: "backup" });
    expect(answer).toMatchObject({ status: 422, body: { details: { causes: [{ field: "spec.type" }] } } });
    expect(said(answer)).toContain("backup target is not set");
    expect((await backUp("s1", { type: "snapshot" })).status).toBe(201);
  });

  it("is made once there is one, under a name that no snapshot has", async () => {
    edit("virtualmachinebackups", "s1", (one) => {
      one["status"] = { readyToUse: true };
    });
    expect((await setSetting(api, "backup-target", NFS)).status).toBe(200);
    const made = await backUp("b1", {});
    expect(made.status).toBe(201);
    expect(at(made.body, "spec/type")).toBe("backup");
    const taken = await backUp("s1", {});
    expect(taken.status).toBe(400);
    expect(said(taken)).toContain('name "s1" is already used by a snapshot');
  });

  it("is of a machine that is there, with volumes that can be copied", async () => {
    const none = await backUp("x", { source: { ...source, name: "none" } });
    expect(said(none)).toContain('virtualmachines.kubevirt.io "none" not found');
    putClaim(api.sim.world, "files", { storageClassName: "shared-files" });
    await api.ask("POST", MACHINES, machine("odd", disksOver("files")));
    const odd = await backUp("x", { source: { ...source, name: "odd" } });
    expect(said(odd)).toContain("provisioner nfs.example.org is not configured");
    expect((await backUp("x", { type: "copy" })).status).toBe(422);
  });

  it("never becomes another", async () => {
    const changed = await api.ask(
      "PATCH",
      `${HOME}/virtualmachinebackups/b1`,
      { spec: { type: "snapshot" } },
      MERGE,
    );
    expect(changed.status).toBe(422);
    expect(said(changed)).toContain("spec.type is immutable");
  });

  it("stands in the way of another target until it is done", async () => {
    const refused = await setSetting(api, "backup-target", "{}");
    expect(refused.status).toBe(400);
    expect(said(refused)).toContain("There is VMBackup in creating or deleting progress");
  });
});

describe("a restore", () => {
  it("needs a backup that is ready", async () => {
    expect(said(await restore("r1", {}))).toContain("VMBackup default/b1 is not ready");
    expect(said(await restore("r1", { virtualMachineBackupName: "none" }))).toContain(
      "can't get vmbackup default/none",
    );
    edit("virtualmachinebackups", "b1", (one) => {
      one["status"] = {
        readyToUse: true,
        backupTarget: { endpoint: "nfs://store.example.org:/backups" },
        source: { spec: { template: { spec: { networks: [] } } } },
      };
    });
  });

  it("replaces a machine only while it is stopped", async () => {
    edit("virtualmachines", "web", (one) => {
      one["status"] = { ready: true };
    });
    const running = await restore("r1", {});
    expect(running.status).toBe(422);
    expect(said(running)).toContain('Please stop the VM "web" before doing a restore');
    edit("virtualmachines", "web", (one) => {
      one["status"] = { ready: false };
    });
    expect((await restore("r1", {})).status).toBe(201);
  });

  it("makes a new machine only where there is none", async () => {
    expect(said(await restore("r2", { newVM: true }))).toContain("VM web is already exists");
    const target = { ...source, name: "copy" };
    expect(said(await restore("r2", { target }))).toContain("can't replace nonexistent vm copy");
    expect((await restore("r2", { target, newVM: true })).status).toBe(201);
    expect(said(await restore("r3", { target: { ...source, name: "No" }, newVM: true }))).toContain(
      "is invalid",
    );
  });

  it("of a snapshot keeps what it replaces", async () => {
    const ofSnapshot = { virtualMachineBackupName: "s1" };
    expect(said(await restore("r4", ofSnapshot))).toContain("delete policy with backup type snapshot");
    expect((await restore("r4", { ...ofSnapshot, deletionPolicy: "retain" })).status).toBe(201);
  });

  it("is never edited, and stays while its machine does", async () => {
    const path = `${HOME}/virtualmachinerestores/r1`;
    const edited = await api.ask("PATCH", path, { spec: { newVM: true } }, MERGE);
    expect(said(edited)).toContain("VirtualMachineRestore spec is immutable");
    expect(said(await api.ask("DELETE", path))).toContain("because the restored VM web exists");
  });
});

describe("a schedule", () => {
  it.each([
    [{ cron: "0 25 * * *" }, "invalid cron format"],
    [{ cron: "*/30 * * * *" }, "schedule granularity 30m0s less than 1h0m0s"],
    [{ retain: 3, maxFailure: 3 }, "max failure should be less than retain"],
    [{ retain: 300 }, "spec.retain"],
  ])("is refused: %j", async (spec, why) => {
    const answer = await schedule("bad", spec);
    expect(answer.status).toBe(422);
    expect(said(answer)).toContain(why);
  });

  it("is the only one of its machine, and apart from others", async () => {
    expect((await schedule("nightly", {})).status).toBe(201);
    expect(said(await schedule("again", { cron: "0 5 * * *" }))).toContain(
      "VM default/web already has backup schedule",
    );
    const other = { vmbackup: { source: { ...source, name: "odd" }, type: "snapshot" } };
    expect(said(await schedule("close", { ...other, cron: "5 2 * * *" }))).toContain(
      "offset less than 10m0s",
    );
    expect((await schedule("apart", { ...other, cron: "15 2 * * *" })).status).toBe(201);
    const moved = await api.ask(
      "PATCH",
      `${HOME}/schedulevmbackups/apart`,
      { spec: { vmbackup: { source } } },
      MERGE,
    );
    expect(said(moved)).toContain("source vm can't be changed");
  });
});

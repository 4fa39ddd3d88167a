import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, itemsAt, textAt } from "../../../../support/kube/harvester/machines/fields.ts";
import { type ClusterUnderTest, clusterUnderTest, paths } from "./cluster-under-test.ts";

let cluster: ClusterUnderTest;
beforeAll(async () => {
  cluster = await clusterUnderTest();
});
afterAll(() => cluster.stop());

const target = (name: string) => ({ apiGroup: "kubevirt.io", kind: "VirtualMachine", name });
const setting = "/apis/harvesterhci.io/v1beta1/settings/backup-target";

const kinds = {
  virtualmachinebackups: "VirtualMachineBackup",
  virtualmachinerestores: "VirtualMachineRestore",
  schedulevmbackups: "ScheduleVMBackup",
} as const;
const create = (plural: keyof typeof kinds, name: string, spec: object) =>
  cluster.create(paths.own(plural), `harvesterhci.io/v1beta1 ${kinds[plural]}`, name, { spec });
const read = (plural: string, name: string) => cluster.get(paths.own(plural, name));
/** As if the target had been reachable when it was set. */
const pointTo = (endpoint: string) => {
  const { store } = cluster.simulator.world;
  store.edit(store.kindOf("harvesterhci.io", "settings"), undefined, "backup-target", (stored) => {
    stored["value"] = JSON.stringify({ type: "nfs", endpoint });
  });
};
const statusOf = async (name: string) =>
  textAt(await cluster.get(paths.machine(name)), "status", "printableStatus");

describe("backups", () => {
  it("are taken with progress, and hold the machine and its volumes", async () => {
    await create("virtualmachinebackups", "web-now", { type: "backup", source: target("web-01") });
    const progress = new Set<unknown>();
    await cluster.until(async () => {
      const backup = await read("virtualmachinebackups", "web-now");
      progress.add(at(backup, "status", "progress"));
      return at(backup, "status", "readyToUse") === true;
    });
    expect([...progress]).toEqual(expect.arrayContaining([20, 60, 100]));
    const backup = await read("virtualmachinebackups", "web-now");
    expect(itemsAt(backup, "status", "volumeBackups")[0]).toMatchObject({
      readyToUse: true,
      persistentVolumeClaim: { metadata: { name: "web-01-disk-0" } },
    });
    expect(at(backup, "status", "backupTarget", "endpoint")).toBe("nfs://192.168.10.5:/export/backups");
  });

  it("become a new machine with disks of its own", async () => {
    await create("virtualmachinerestores", "web-again", {
      newVM: true,
      target: target("web-02"),
      virtualMachineBackupName: "web-now",
      virtualMachineBackupNamespace: "default",
    });
    await cluster.until(
      async () => at(await read("virtualmachinerestores", "web-again"), "status", "complete") === true,
    );
    const made = await cluster.get(paths.machine("web-02"));
    const [volume] = itemsAt(made, "spec", "template", "spec", "volumes");
    expect(textAt(volume, "persistentVolumeClaim", "claimName")).toMatch(
      /^restore-[0-9a-f]{8}-web-01-disk-0$/,
    );
    await cluster.until(async () => (await statusOf("web-02")) === "Running");
    const mac = async (name: string) =>
      itemsAt(await cluster.get(paths.instance(name)), "status", "interfaces")[0]?.["mac"];
    expect(await mac("web-02")).not.toBe(await mac("web-01"));
  });

  it("take the place of a stopped machine's disks", async () => {
    await cluster.call("PUT", paths.verb("web-02", "stop"));
    await cluster.until(async () => (await statusOf("web-02")) === "Stopped");
    await create("virtualmachinerestores", "web-back", {
      newVM: false,
      deletionPolicy: "delete",
      target: target("web-02"),
      virtualMachineBackupName: "web-now",
      virtualMachineBackupNamespace: "default",
    });
    await cluster.until(
      async () => at(await read("virtualmachinerestores", "web-back"), "status", "complete") === true,
    );
    expect(itemsAt(await cluster.get(paths.machine("web-02")), "metadata", "ownerReferences")).toEqual([]);
    expect(at(await read("virtualmachinerestores", "web-back"), "status", "deletedVolumes")).toHaveLength(1);
  });

  it("fail when the target can't be reached, and say so", async () => {
    pointTo("nfs://nas.invalid:/x");
    expect(textAt(await cluster.get(setting), "value")).toContain("nas.invalid");
    await create("virtualmachinebackups", "web-lost", { type: "backup", source: target("web-01") });
    await cluster.until(
      async () => at(await read("virtualmachinebackups", "web-lost"), "status", "error") !== undefined,
    );
    const backup = await read("virtualmachinebackups", "web-lost");
    expect(textAt(backup, "status", "error", "message")).toContain("no such host");
    const events = (await cluster.items("/api/v1/namespaces/default/events")).map((one) =>
      textAt(one, "reason"),
    );
    expect(events).toContain("VirtualMachineBackupError");
  });

  it("are made by a schedule until too many failed", async () => {
    pointTo("nfs://192.168.10.5:/x");
    await create("schedulevmbackups", "often", {
      cron: "0 * * * *",
      retain: 3,
      maxFailure: 2,
      vmbackup: { source: target("web-01"), type: "backup" },
    });
    pointTo("nfs://nas.invalid:/x");
    await cluster.pass(3 * 3600 + 60);
    const schedule = await read("schedulevmbackups", "often");
    expect(schedule).toMatchObject({ spec: { suspend: true }, status: { failure: 2, suspended: true } });
    const made = (await cluster.items(paths.own("virtualmachinebackups"))).filter((one) =>
      textAt(one, "metadata", "name")?.startsWith("svmb-often-"),
    );
    expect(made).toHaveLength(2);
  });

  it("are kept by a schedule only as many as asked", async () => {
    pointTo("nfs://192.168.10.5:/x");
    await create("schedulevmbackups", "few", {
      cron: "30 * * * *",
      retain: 3,
      maxFailure: 2,
      vmbackup: { source: target("build-01"), type: "backup" },
    });
    await cluster.pass(5 * 3600);
    const names = itemsAt(await read("schedulevmbackups", "few"), "status", "vmbackupInfo").map(
      (one) => one["name"],
    );
    expect(names).toHaveLength(3);
  });
});

describe("add-ons", () => {
  it("are deployed and taken away, and Prometheus with its own", async () => {
    const path = paths.own("addons", "rancher-monitoring", "cattle-monitoring-system");
    const status = async () => textAt(await cluster.get(path), "status", "status");
    const ask = () => cluster.call("GET", paths.prometheus("query", { query: "up" }));
    expect((await ask()).status).toBe(200);
    await cluster.merge(path, { spec: { enabled: false } });
    await cluster.pass(1);
    expect(await status()).toBe("AddonDisabling");
    await cluster.until(async () => (await status()) === "AddonDisabled");
    expect(await ask()).toMatchObject({ status: 503, body: { reason: "ServiceUnavailable" } });
    await cluster.merge(path, { spec: { enabled: true } });
    await cluster.until(async () => (await status()) === "AddonDeploySuccessful");
    expect((await ask()).status).toBe(200);
  });
});

describe("jobs", () => {
  const jobs = "/apis/batch/v1/namespaces/default/jobs";
  const job = (name: string, annotations: Record<string, string>) =>
    cluster.create(jobs, "batch/v1 Job", name, {
      annotations,
      spec: {
        backoffLimit: 1,
        template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "busybox" }] } },
      },
    });

  it("succeed, or fail as often as they may with the reason of their pods", async () => {
    await job("good", { "sim.maru/run-seconds": "3" });
    await job("hungry", { "sim.maru/ends": "OOMKilled", "sim.maru/run-seconds": "1" });
    await cluster.pass(30);
    expect(itemsAt(await cluster.get(`${jobs}/good`), "status", "conditions")[0]).toMatchObject({
      type: "Complete",
    });
    expect(await cluster.get(`${jobs}/hungry`)).toMatchObject({
      status: { failed: 2, conditions: [{ type: "Failed", reason: "BackoffLimitExceeded" }] },
    });
    const [pod] = await cluster.items("/api/v1/namespaces/default/pods?labelSelector=job-name=hungry");
    expect(at(itemsAt(pod, "status", "containerStatuses")[0], "state", "terminated", "reason")).toBe(
      "OOMKilled",
    );
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getConformance } from "../../../../../src/modules/harvester/conformance/get-conformance.ts";
import { getDashboard } from "../../../../../src/modules/harvester/dashboard/get-dashboard.ts";
import { checkMaintenance } from "../../../../../src/modules/harvester/hosts/operations/check-maintenance.ts";
import { cordonHost } from "../../../../../src/modules/harvester/hosts/operations/cordon-host.ts";
import { enterMaintenance } from "../../../../../src/modules/harvester/hosts/operations/enter-maintenance.ts";
import { getHost } from "../../../../../src/modules/harvester/hosts/operations/get-host.ts";
import { getHostMetrics } from "../../../../../src/modules/harvester/hosts/operations/get-host-metrics.ts";
import { leaveMaintenance } from "../../../../../src/modules/harvester/hosts/operations/leave-maintenance.ts";
import { listHosts } from "../../../../../src/modules/harvester/hosts/operations/list-hosts.ts";
import { powerHost } from "../../../../../src/modules/harvester/hosts/operations/power-host.ts";
import { switchCpuManager } from "../../../../../src/modules/harvester/hosts/operations/switch-cpu-manager.ts";
import { uncordonHost } from "../../../../../src/modules/harvester/hosts/operations/uncordon-host.ts";
import { updateHost } from "../../../../../src/modules/harvester/hosts/operations/update-host.ts";
import { listMachines } from "../../../../../src/modules/harvester/machines/operations/list-machines.ts";
import { type Stage, stageCluster } from "../../../../support/harvester/stage-cluster.ts";
import { isPublished } from "../../../../support/kube/harvester/index/harvester-api.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await stageCluster();
  await stage.advance(60_000);
});
afterAll(() => stage.stop());

const name = "harvester-02";
const state = async () => (await stage.call(getHost, { name })).state;

describe("the hosts of a cluster", () => {
  it("are listed page by page with roles, capacity and address", async () => {
    const first = await stage.call(listHosts, { limit: 2 });
    const second = await stage.call(listHosts, { limit: 2, cursor: first.nextCursor });
    const hosts = [...first.items, ...second.items];
    expect(hosts.map((host) => host.name)).toEqual(["harvester-01", "harvester-02", "harvester-03"]);
    expect(second.nextCursor).toBe(null);
    expect(hosts[0]).toMatchObject({ state: "ready", roles: ["management"], capacity: { cpu: 16 } });
    const refusal = await stage.refused(listHosts, { cursor: "foreign" });
    expect(refusal.errors).toMatchObject([{ pointer: "/query/cursor" }]);
  });

  it("show their disks and machines, and what they use now", async () => {
    const host = await stage.call(getHost, { name });
    expect(host.virtualMachines.map((machine) => machine.name)).toContain("db-01");
    expect(host.disks[0]?.totalBytes).toBeGreaterThan(1e11);
    const metrics = await stage.call(getHostMetrics, { name });
    expect(metrics.cpu.of).toBe(16);
    expect(metrics.cpu.used).toBeGreaterThan(0);
    expect(metrics.memoryBytes.used).toBeLessThan(metrics.memoryBytes.of ?? 0);
  });

  it("are cordoned and let on again, once each", async () => {
    expect(await stage.call(cordonHost, { name })).toMatchObject({ object: { state: "cordoned" } });
    expect(await stage.refused(cordonHost, { name })).toMatchObject({ code: "harvester.wrong_state" });
    await stage.call(uncordonHost, { name });
    expect(await state()).toBe("ready");
  });

  it("take labels and annotations, but not those by which the system keeps its state", async () => {
    const change = { name, labels: { rack: "r7" }, annotations: { "maru.dev/disk-iops": "9000" } };
    expect((await stage.call(updateHost, change)).object?.labels).toMatchObject({ rack: "r7" });
    const refusal = await stage.refused(updateHost, {
      name,
      labels: { "kubernetes.io/hostname": "another", cpumanager: "true" },
      annotations: { "harvesterhci.io/maintain-status": "completed" },
    });
    expect(refusal.errors?.map(({ pointer }) => pointer)).toEqual([
      "/labels/kubernetes.io~1hostname",
      "/labels/cpumanager",
      "/annotations/harvesterhci.io~1maintain-status",
    ]);
  });

  it("go into maintenance mode as a job, with their machines moved away, and come back", async () => {
    const check = await stage.call(checkMaintenance, { name });
    expect(check).toMatchObject({ possible: true, because: null });
    const begun = await stage.call(enterMaintenance, { name, force: true });
    expect(begun.jobId).toMatch(/^job_/);
    await stage.advance(15 * 60_000);
    expect(await state()).toBe("maintenance");
    const { items } = await stage.call(listMachines, {});
    expect(items.filter((machine) => machine.node === name)).toEqual([]);
    await stage.call(leaveMaintenance, { name });
    await stage.advance(60_000);
    expect(await state()).toBe("ready");
  });

  it("are not switched off without their name, nor with machines on them", async () => {
    const wrong = await stage.refused(powerHost, { name, operation: "shutdown", confirm: "another" });
    expect(wrong.errors).toMatchObject([{ pointer: "/confirm" }]);
    const busy = await stage.refused(powerHost, { name, operation: "shutdown", confirm: name });
    expect(busy).toMatchObject({ kind: "conflict", code: "harvester.wrong_state" });
  });

  it("give machines processors of their own when they are told to", async () => {
    await stage.call(switchCpuManager, { name, enabled: true });
    await stage.advance(5 * 60_000);
    expect((await stage.call(getHost, { name })).cpuManager).toBe(true);
    expect(await stage.refused(switchCpuManager, { name, enabled: true })).toMatchObject({
      kind: "conflict",
    });
  });

  it("are changed only by those who hold the whole cluster", async () => {
    const as = await stage.heldTo("ml-team");
    const refusal = await stage.refused(cordonHost, { name }, as);
    expect(refusal).toMatchObject({ kind: "forbidden", code: "harvester.part_of_cluster" });
    expect((await stage.call(getHost, { name: "harvester-03" }, as)).virtualMachines).toEqual([
      { namespace: "ml-team", name: "train-01", state: "Running" },
    ]);
  });
});

describe("a cluster at a glance", () => {
  it("sums up hosts, capacity, machines, volumes, images and warnings", async () => {
    const seen = await stage.call(getDashboard, {});
    expect(seen.hosts).toEqual({ total: 3, byState: { ready: 3 } });
    expect(seen.capacity.cpu.total).toBe(48);
    expect(seen.capacity.cpu.used).toBeGreaterThan(0);
    expect(seen.capacity.storageBytes.total).toBeGreaterThan(1e12);
    expect(seen.capacity.gpus.length).toBeGreaterThan(0);
    expect(seen.virtualMachines).toMatchObject({ total: 5, byState: { Running: expect.any(Number) } });
    expect(seen.volumes?.byHealth).toMatchObject({ healthy: expect.any(Number) });
    expect(seen.images.byState).toMatchObject({ ready: 3 });
  });

  it("counts for those held to a project what they reach", async () => {
    const actor = { kind: "api_key", id: "key_2", tenantId: "ten_test", grants: ["*"] } as const;
    const projectIds = ["prj_ml-team"];
    const seen = await stage.call(getDashboard, {}, { actor: { ...actor, projectIds } });
    expect(seen.virtualMachines.total).toBe(2);
    expect(seen.images.total).toBe(0);
  });

  it("is held against the requirements, with what was measured and what can't be seen", async () => {
    const report = await stage.call(getConformance, { profile: "production" });
    const host = report.hosts.find((one) => one.name === name);
    const found = Object.fromEntries(
      host?.requirements.map(({ requirement, status }) => [requirement, status]) ?? [],
    );
    expect(found).toMatchObject({
      architecture: "pass",
      cpu: "pass",
      memory: "pass",
      disk: "pass",
      iops: "pass",
    });
    const other = report.hosts.find((one) => one.name === "harvester-01");
    const iops = other?.requirements.find(({ requirement }) => requirement === "iops");
    expect(iops).toMatchObject({ status: "unknown", todo: expect.stringContaining("fio") });
    expect(report.cluster.find(({ requirement }) => requirement === "management_hosts")?.status).toBe("pass");
  });
});

it("calls nothing but what Harvester publishes", () => {
  const strange = stage.calls
    .map(({ method, path }) => [method, path.split("?")[0] ?? ""] as const)
    .filter(([method, path]) => !isPublished(method, path));
  expect(strange).toEqual([]);
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Api,
  at,
  CLAIMS,
  NFS,
  OWN,
  put,
  putClaim,
  putInstance,
  STEVE,
  setSetting,
  startHarvester,
} from "../start-harvester.ts";

const HOME = `${OWN}/namespaces/default`;
let api: Api;
beforeAll(async () => {
  api = await startHarvester();
});
afterAll(() => api.sim.stop());

describe("hosts", () => {
  const host = (name: string, action: string, body?: unknown) =>
    api.ask("POST", `${STEVE}/nodes/${name}?action=${action}`, body);
  const node = async (name: string) => (await api.ask("GET", `${STEVE}/nodes/${name}`)).body;

  it("are closed and opened", async () => {
    expect(Object.keys(Object(at(await node("n1"), "actions")))).toContain("cordon");
    expect((await host("n1", "cordon")).status).toBe(204);
    expect(await host("n1", "cordon")).toMatchObject({
      status: 500,
      body: expect.stringContaining("already cordoned"),
    });
    expect(Object.keys(Object(at(await node("n1"), "actions")))).toContain("uncordon");
    expect((await host("n1", "uncordon")).status).toBe(204);
  });

  it("leave service one at a time, and come back", async () => {
    expect((await host("n1", "maintenancePossible")).status).toBe(204);
    expect((await host("n1", "enableMaintenanceMode", { force: "true" })).status).toBe(204);
    expect(at(await node("n1"), "metadata/annotations")).toEqual({
      "harvesterhci.io/drain-requested": "true",
      "harvesterhci.io/drain-forced": "true",
    });
    const { store } = api.sim.world;
    store.edit(store.kindOf("", "nodes"), undefined, "n1", (stored) => {
      stored.metadata.annotations = { "harvesterhci.io/maintain-status": "completed" };
      stored["spec"] = { unschedulable: true, taints: [{ key: "kubevirt.io/drain", effect: "NoSchedule" }] };
    });
    expect(Object.keys(Object(at(await node("n1"), "actions")))).toContain("disableMaintenanceMode");
    expect(await host("n2", "enableMaintenanceMode", { force: "false" })).toMatchObject({
      status: 500,
      body: expect.stringContaining("another controlplane is already in maintenance mode"),
    });
    expect((await host("n1", "disableMaintenanceMode")).status).toBe(204);
    const back = await node("n1");
    expect(at(back, "metadata/annotations")).toEqual({});
    expect(at(back, "spec/unschedulable")).toBeUndefined();
  });

  it("are powered by their boards, where the add-on knows them", async () => {
    expect((await host("n2", "powerActionPossible")).status).toBe(424);
    put(
      api.sim.world,
      "harvesterhci.io",
      "addons",
      { name: "harvester-seeder", namespace: "harvester-system" },
      { spec: { enabled: true, chart: "seeder" } },
    );
    put(
      api.sim.world,
      "metal.harvesterhci.io",
      "inventories",
      { name: "n2", namespace: "harvester-system" },
      { spec: {}, status: { status: "inventoryNodeReady" } },
    );
    expect((await host("n2", "powerActionPossible")).status).toBe(204);
    expect((await host("n2", "powerAction", { operation: "explode" })).status).toBe(500);
    expect((await host("n2", "powerAction", { operation: "reboot" })).status).toBe(204);
    expect(await host("n2", "powerAction", { operation: "reboot" })).toMatchObject({
      status: 500,
      body: expect.stringContaining("waiting for power action status"),
    });
  });

  it("say which machines hold them up, and whether they pin processors", async () => {
    putInstance(api.sim.world, "held", "n3", {
      conditions: [{ type: "LiveMigratable", status: "False", reason: "NoDisks" }],
    });
    expect((await host("n3", "listUnhealthyVM")).body).toEqual([
      { message: expect.stringContaining("NoDisks"), vms: ["default/held"] },
    ]);
    expect((await host("n3", "enableCPUManager")).status).toBe(204);
    expect((await host("n3", "disableCPUManager")).status).toBe(400);
  });
});

describe("volumes", () => {
  const volume = (name: string, action: string, body?: unknown) =>
    api.ask("POST", `${STEVE}/persistentvolumeclaims/default/${name}?action=${action}`, body);

  it("are copied, snapshotted, exported and moved", async () => {
    putClaim(api.sim.world, "data");
    const shown = await api.ask("GET", `${STEVE}/persistentvolumeclaims/default/data`);
    expect(Object.keys(Object(at(shown.body, "actions")))).toEqual([
      "export",
      "clone",
      "snapshot",
      "dataMigration",
    ]);
    expect((await volume("data", "clone", { name: "data-2" })).status).toBe(204);
    const copy = await api.ask("GET", `${CLAIMS}/data-2`);
    expect(at(copy.body, "spec/dataSource")).toEqual({ kind: "PersistentVolumeClaim", name: "data" });
    expect((await volume("data", "snapshot", { name: "s1" })).status).toBe(204);
    const exported = await volume("data", "export", {
      displayName: "data-image",
      namespace: "default",
      storageClassName: "harvester-longhorn",
    });
    expect(exported).toMatchObject({
      status: 200,
      body: { spec: { sourceType: "export-from-volume", pvcName: "data" } },
    });
    expect((await volume("data", "export", { namespace: "default" })).status).toBe(422);
    const target = { targetVolumeName: "data-3", targetStorageClassName: "shared-files" };
    expect((await volume("data", "dataMigration", target)).status).toBe(204);
    expect(
      (await volume("data", "dataMigration", { ...target, targetStorageClassName: "none" })).status,
    ).toBe(500);
  });

  it("come back from snapshots, on the class they were on", async () => {
    const path = `${STEVE}/snapshot.storage.k8s.io.volumesnapshots/default/s1?action=restore`;
    expect((await api.ask("POST", path, { name: "back" })).status).toBe(500);
    const { store } = api.sim.world;
    store.edit(store.kindOf("snapshot.storage.k8s.io", "volumesnapshots"), "default", "s1", (stored) => {
      stored["status"] = { readyToUse: true, restoreSize: "10Gi" };
    });
    expect((await api.ask("POST", path, { name: "back", storageClassName: "shared-files" })).status).toBe(
      422,
    );
    expect((await api.ask("POST", path, { name: "back" })).status).toBe(204);
    const back = await api.ask("GET", `${CLAIMS}/back`);
    expect(at(back.body, "spec/dataSource")).toMatchObject({ kind: "VolumeSnapshot", name: "s1" });
  });
});

describe("images", () => {
  const path = `${STEVE}/harvesterhci.io.virtualmachineimages/default/up`;
  const upload = (bytes: number, size: number) => {
    const form = new FormData();
    form.append("chunk", new Blob([new Uint8Array(bytes).fill(7)]), "up.img");
    return fetch(`${api.sim.url}${path}?action=upload&size=${size}`, {
      method: "POST",
      headers: { authorization: "Bearer admin" },
      body: form,
    });
  };
  const image = async () => (await api.ask("GET", path)).body;

  it("are uploaded as a form, of the size that was said, and come back the same", async () => {
    await api.ask("POST", `${HOME}/virtualmachineimages`, {
      apiVersion: "harvesterhci.io/v1beta1",
      kind: "VirtualMachineImage",
      metadata: { name: "up" },
      spec: { displayName: "up", sourceType: "upload" },
    });
    expect(Object.keys(Object(at(await image(), "actions")))).toEqual(["upload"]);
    const wrong = await upload(1_000, 2_000);
    expect(wrong.status).toBe(500);
    expect(await wrong.text()).toContain("the size of the file is 1000, not the 2000 that was said");
    expect(at(await image(), "status/conditions/0")).toMatchObject({ type: "Imported", status: "False" });
    expect((await upload(300_000, 300_000)).status).toBe(200);
    expect(JSON.stringify(at(await image(), "metadata/annotations"))).toContain("300000");
    expect((await api.ask("GET", `${path}/download`)).status).toBe(500);
    const { store } = api.sim.world;
    store.edit(store.kindOf("harvesterhci.io", "virtualmachineimages"), "default", "up", (stored) => {
      stored["status"] = { conditions: [{ type: "Imported", status: "True" }], size: 300_000 };
    });
    const file = await fetch(`${api.sim.url}${path}/download`, {
      headers: { authorization: "Bearer admin" },
    });
    const bytes = new Uint8Array(await file.arrayBuffer());
    expect(bytes.length).toBe(300_000);
    expect(bytes.every((byte) => byte === 7)).toBe(true);
  });
});

describe("the log of an upgrade", () => {
  it("is packed once it runs, and fetched once it can be", async () => {
    const path = `${STEVE}/harvesterhci.io.upgradelogs/default/up-log`;
    put(
      api.sim.world,
      "harvesterhci.io",
      "upgradelogs",
      { name: "up-log", namespace: "default" },
      { spec: { upgradeName: "up" } },
    );
    expect((await api.ask("POST", `${path}?action=generateArchive`)).status).toBe(500);
    const { store } = api.sim.world;
    store.edit(store.kindOf("harvesterhci.io", "upgradelogs"), "default", "up-log", (log) => {
      log["status"] = { conditions: ["Started", "DownloadReady"].map((type) => ({ type, status: "True" })) };
    });
    const packed = await api.ask("POST", `${path}?action=generateArchive`);
    expect(packed).toMatchObject({ status: 200, body: expect.stringMatching(/^up-log-archive-2026-/) });
    const file = await api.ask("GET", `${path}/downloadArchive?archiveName=${packed.body}`);
    expect(file.headers.get("content-type")).toBe("application/zip");
    expect((await api.ask("GET", `${path}/downloadArchive?archiveName=none`)).status).toBe(500);
  });
});

describe("the backup target", () => {
  it("says whether it answers", async () => {
    const health = () => api.ask("GET", `${STEVE}/backuptarget/healthz`);
    await setSetting(api, "backup-target", NFS);
    expect((await health()).status).toBe(200);
    const { store } = api.sim.world;
    const set = (value: string) =>
      store.edit(store.kindOf("harvesterhci.io", "settings"), undefined, "backup-target", (setting) => {
        setting["value"] = value;
      });
    set('{"type":"nfs","endpoint":"nfs://gone.invalid:/x"}');
    expect(await health()).toMatchObject({ status: 422, body: expect.stringContaining("no such host") });
    set("");
    expect(await health()).toMatchObject({ status: 422, body: expect.stringContaining("is not set") });
  });
});

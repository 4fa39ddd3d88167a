import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { harvesterApi } from "../../../../../support/kube/harvester/harvester-api.ts";
import type { ExtraRoute } from "../../../../../support/kube/words.ts";
import {
  type Api,
  at,
  disksOver,
  MACHINES,
  machine,
  NFS,
  OWN,
  put,
  putClaim,
  putInstance,
  STEVE,
  setSetting,
  startHarvester,
} from "../start-harvester.ts";

const VMS = `${STEVE}/kubevirt.io.virtualmachines/default`;
const HOME = `${OWN}/namespaces/default`;
const called: string[] = [];

/** KubeVirt's verbs, which here only note that they were asked. */
const verbs: readonly ExtraRoute[] = ["virtualmachines", "virtualmachineinstances"].map((plural) => ({
  method: "PUT",
  pattern: `/apis/subresources.kubevirt.io/v1/namespaces/{namespace}/${plural}/{name}/{verb}`,
  handle({ params }) {
    called.push(`${plural}/${params["name"]}/${params["verb"]}`);
    return params["name"] === "deaf"
      ? { status: 409, body: { kind: "Status", message: "VM is already running", code: 409 } }
      : { status: 202 };
  },
}));

let api: Api;
beforeAll(async () => {
  api = await startHarvester({ routes: [...(harvesterApi().routes ?? []), ...verbs] });
});
afterAll(() => api.sim.stop());

const act = (name: string, action: string, body?: unknown) =>
  api.ask("POST", `${VMS}/${name}?action=${action}`, body);

const get = async (name: string) => (await api.ask("GET", `${MACHINES}/${name}`)).body;

describe("power", () => {
  it("is KubeVirt's, and stopping is a halted strategy", async () => {
    await api.ask("POST", MACHINES, machine("web"));
    for (const action of ["start", "restart", "pause", "unpause", "softreboot", "forceStop"]) {
      expect((await act("web", action)).status).toBe(204);
    }
    expect(called).toEqual([
      "virtualmachines/web/start",
      "virtualmachines/web/restart",
      "virtualmachineinstances/web/pause",
      "virtualmachineinstances/web/unpause",
      "virtualmachineinstances/web/softreboot",
      "virtualmachines/web/stop",
    ]);
    expect((await act("web", "stop")).status).toBe(204);
    expect(at(await get("web"), "spec/runStrategy")).toBe("Halted");
  });

  it("is refused in plain text, as the server says it", async () => {
    await api.ask("POST", MACHINES, machine("deaf"));
    expect(await act("deaf", "start")).toMatchObject({
      status: 500,
      body: "start virtual machine default/deaf failed, VM is already running",
    });
  });
});

describe("moving", () => {
  it("makes a migration, to any host or to one", async () => {
    await api.ask("POST", MACHINES, machine("mover"));
    putInstance(api.sim.world, "mover");
    expect((await act("mover", "findMigratableNodes")).body).toEqual({ nodes: ["n2", "n3"] });
    expect(await act("mover", "migrate", { nodeName: "n1" })).toMatchObject({ status: 500 });
    expect(await act("mover", "migrate")).toMatchObject({
      status: 422,
      body: expect.stringContaining("Failed to decode request body"),
    });
    expect((await act("mover", "migrate", { nodeName: "n3" })).status).toBe(204);
    const path = "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstancemigrations";
    const { body } = await api.ask("GET", path);
    expect(at(body, "items/0/spec")).toEqual({
      vmiName: "mover",
      addedNodeSelector: { "kubernetes.io/hostname": "n3" },
    });
    expect(await act("mover", "abortMigration")).toMatchObject({
      status: 500,
      body: "The VM is not in migrating state",
    });
    const { store } = api.sim.world;
    const uid = String(at(body, "items/0/metadata/uid"));
    store.edit(store.kindOf("kubevirt.io", "virtualmachineinstances"), "default", "mover", (stored) => {
      stored.metadata.annotations = {
        "harvesterhci.io/migrationState": "Migrating",
        "harvesterhci.io/migrationUID": uid,
      };
    });
    expect((await act("mover", "abortMigration")).status).toBe(204);
    expect(at((await api.ask("GET", path)).body, "items")).toEqual([]);
  });
});

describe("disks and interfaces", () => {
  it("come and go while the machine runs", async () => {
    const annotations = { "harvesterhci.io/volumeClaimTemplates": "[]" };
    await api.ask("POST", MACHINES, machine("plugged", { annotations }));
    putClaim(api.sim.world, "extra");
    const disk = { diskName: "more", volumeSourceName: "extra" };
    expect((await act("plugged", "addVolume", disk)).status).toBe(204);
    const added = await get("plugged");
    expect(at(added, "spec/template/spec/volumes/0")).toEqual({
      name: "more",
      persistentVolumeClaim: { claimName: "extra", hotpluggable: true },
    });
    expect(JSON.stringify(at(added, "metadata/annotations"))).toContain('\\"name\\":\\"extra\\"');
    expect((await act("plugged", "removeVolume", { diskName: "more" })).status).toBe(204);
    expect(at(await get("plugged"), "spec/template/spec/volumes")).toEqual([]);
    expect((await act("plugged", "removeVolume", { diskName: "more" })).status).toBe(500);
    expect((await act("plugged", "addVolume", { diskName: "x" })).status).toBe(422);
    expect((await act("plugged", "addVolume", { ...disk, volumeSourceName: "none" })).status).toBe(404);
  });

  it("of images go into drives", async () => {
    await api.ask(
      "POST",
      MACHINES,
      machine("drives", {
        domain: { memory: { guest: "1Gi" }, devices: { disks: [{ name: "cd", cdrom: { bus: "sata" } }] } },
        spec: { networks: [] },
      }),
    );
    put(
      api.sim.world,
      "harvesterhci.io",
      "virtualmachineimages",
      { name: "iso", namespace: "default" },
      {
        spec: { displayName: "iso", sourceType: "upload" },
        status: { size: 700 * 2 ** 20, storageClassName: "lh-iso" },
      },
    );
    const input = { DeviceName: "cd", imageName: "default/iso" };
    expect((await act("drives", "insertCdRomVolume", { ...input, DeviceName: "dvd" })).status).toBe(422);
    expect((await act("drives", "insertCdRomVolume", input)).status).toBe(204);
    expect(
      String(at(await get("drives"), "spec/template/spec/volumes/0/persistentVolumeClaim/claimName")),
    ).toMatch(/^drives-cd-/);
    expect((await act("drives", "ejectCdRomVolume", { deviceName: "cd" })).status).toBe(204);
    expect(at(await get("drives"), "spec/template/spec/volumes")).toEqual([]);
  });
});

describe("copies", () => {
  it("are machines over claims and secrets of their own", async () => {
    putClaim(api.sim.world, "root", { annotations: { "harvesterhci.io/imageId": "default/iso" } });
    const parts = disksOver("root");
    const volumes = [
      { name: "root", persistentVolumeClaim: { claimName: "root" } },
      { name: "init", cloudInitNoCloud: { secretRef: { name: "web-init" } } },
    ];
    const disks = [
      { name: "root", disk: {} },
      { name: "init", disk: {} },
    ];
    const devices = { disks, interfaces: [{ name: "default", bridge: {} }] };
    await api.ask(
      "POST",
      MACHINES,
      machine("original", { domain: { ...parts.domain, devices }, spec: { volumes } }),
    );
    put(
      api.sim.world,
      "",
      "secrets",
      { name: "web-init", namespace: "default" },
      { data: { userdata: "eA==" } },
    );
    expect((await act("original", "clone", { targetVm: "copy" })).status).toBe(204);
    const copy = await get("copy");
    expect(at(copy, "spec/template/spec/hostname")).toBe("copy");
    const claim = String(at(copy, "spec/template/spec/volumes/0/persistentVolumeClaim/claimName"));
    expect(claim).toMatch(/^copy-root-[a-z0-9]{5}$/);
    expect(JSON.stringify(at(copy, "metadata/annotations"))).toContain(
      '\\"dataSource\\":{\\"kind\\":\\"PersistentVolumeClaim\\",\\"name\\":\\"root\\"}',
    );
    const secret = String(at(copy, "spec/template/spec/volumes/1/cloudInitNoCloud/secretRef/name"));
    const copied = await api.ask("GET", `/api/v1/namespaces/default/secrets/${secret}`);
    expect(copied.body).toMatchObject({
      data: { userdata: "eA==" },
      metadata: { ownerReferences: [{ name: "copy" }] },
    });
    const mac = "spec/template/spec/domain/devices/interfaces/0/macAddress";
    expect(at(copy, mac)).not.toBe(at(await get("original"), mac));
    expect((await act("original", "clone", {})).status).toBe(422);
    expect((await act("original", "clone", { targetVm: "copy" })).status).toBe(500);
  });

  it("are backups and restores once there is a target", async () => {
    expect(await act("original", "backup", { name: "b1" })).toMatchObject({
      status: 500,
      body: "backup target is invalid",
    });
    await setSetting(api, "backup-target", NFS);
    expect((await act("original", "backup", {})).status).toBe(422);
    expect((await act("original", "backup", { name: "b1" })).status).toBe(204);
    const { body } = await api.ask("GET", `${HOME}/virtualmachinebackups/b1`);
    expect(at(body, "spec")).toMatchObject({ type: "backup", source: { name: "original" } });
    expect((await act("original", "restore", { name: "r1", backupName: "none" })).status).toBe(404);
    expect(await act("original", "restore", { name: "r1", backupName: "b1" })).toMatchObject({
      status: 500,
      body: expect.stringContaining("VMBackup default/b1 is not ready"),
    });
  });

  it("are templates, with what the machine was made from", async () => {
    const claims = [
      { metadata: { name: "disk", annotations: { "harvesterhci.io/imageId": "default/iso" } }, spec: {} },
    ];
    const annotations = { "harvesterhci.io/volumeClaimTemplates": JSON.stringify(claims) };
    const parts = disksOver("disk");
    await api.ask("POST", MACHINES, machine("model", { ...parts, annotations }));
    const limits = { cpu: "2", memory: "4Gi" };
    await api.ask(
      "PATCH",
      `${MACHINES}/model`,
      { spec: { template: { spec: { domain: { resources: { limits } } } } } },
      { type: "application/merge-patch+json" },
    );
    expect((await act("model", "createTemplate", { name: "golden", withData: false })).status).toBe(204);
    const { body } = await api.ask("GET", `${HOME}/virtualmachinetemplateversions`);
    expect(at(body, "items/0/spec")).toMatchObject({ templateId: "default/golden" });
    expect(at(body, "items/0/spec/vm/spec/template/spec/volumes/0/persistentVolumeClaim/claimName")).toMatch(
      /^templateversion-golden-/,
    );
  });
});

describe("quotas for snapshots", () => {
  it("are set for a machine and for a namespace", async () => {
    expect((await act("web", "updateResourceQuota", { totalSnapshotSizeQuota: "1Gi" })).status).toBe(204);
    const home = `${STEVE}/namespaces/default?action=`;
    const set = await api.ask("POST", `${home}updateResourceQuota`, { totalSnapshotSizeQuota: "5Gi" });
    expect(set.status).toBe(200);
    const quota = async () => (await api.ask("GET", `${HOME}/resourcequotas/default-resource-quota`)).body;
    expect(at(await quota(), "spec/snapshotLimit")).toEqual({
      namespaceTotalSnapshotSizeQuota: 5 * 2 ** 30,
      vmTotalSnapshotSizeQuota: { web: 2 ** 30 },
    });
    expect((await act("web", "updateResourceQuota", { totalSnapshotSizeQuota: "lots" })).status).toBe(422);
    expect((await act("web", "deleteResourceQuota")).status).toBe(204);
    expect((await api.ask("POST", `${home}deleteResourceQuota`)).status).toBe(200);
    expect(at(await quota(), "spec/snapshotLimit/namespaceTotalSnapshotSizeQuota")).toBe(0);
  });
});

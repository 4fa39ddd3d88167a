import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, itemsAt, textAt } from "../../../../support/kube/harvester/machines/fields.ts";
import { type ClusterUnderTest, clusterUnderTest, paths } from "./cluster-under-test.ts";

let cluster: ClusterUnderTest;
beforeAll(async () => {
  cluster = await clusterUnderTest();
  await cluster.pass(5);
});
afterAll(() => cluster.stop());

const put = (verb: string, body: unknown) => cluster.call("PUT", paths.verb("web-01", verb), body);
const scratch = {
  name: "more",
  disk: { disk: { bus: "scsi" } },
  volumeSource: { persistentVolumeClaim: { claimName: "scratch-data" } },
};

describe("volumes of a running guest", () => {
  it("are plugged in, and refused a second time", async () => {
    expect((await put("addvolume", scratch)).status).toBe(202);
    await cluster.pass(1);
    const instance = await cluster.get(paths.instance("web-01"));
    expect(itemsAt(instance, "status", "volumeStatus").find((one) => one["name"] === "more")).toMatchObject({
      phase: "Ready",
      hotplugVolume: {},
    });
    expect((await put("addvolume", scratch)).body["message"]).toContain(
      "Unable to add volume [more] because volume with that name already exists",
    );
    expect((await put("addvolume", { ...scratch, name: "other" })).body["message"]).toContain(
      "Unable to add volume source [scratch-data] because it already exists",
    );
    expect((await put("addvolume", { name: "x" })).status).toBe(400);
  });

  it("are taken out, but not the one that it booted from", async () => {
    expect((await put("removevolume", { name: "disk-0" })).body["message"]).toContain(
      "it is not hotpluggable",
    );
    expect((await put("removevolume", { name: "nothing" })).body["message"]).toContain("it does not exist");
    expect((await put("removevolume", { name: "more" })).status).toBe(202);
    await cluster.pass(1);
    expect(itemsAt(await cluster.get(paths.instance("web-01")), "spec", "volumes")).toHaveLength(2);
  });
});

describe("disks of a running guest", () => {
  it("move to another volume, and the machine names it from then on", async () => {
    await cluster.create(
      "/api/v1/namespaces/default/persistentvolumeclaims",
      "v1 PersistentVolumeClaim",
      "web-fast",
      {
        spec: {
          accessModes: ["ReadWriteMany"],
          volumeMode: "Block",
          storageClassName: "longhorn-2-replicas",
          resources: { requests: { storage: "20Gi" } },
        },
      },
    );
    await cluster.pass(5);
    const asked = await cluster.call(
      "POST",
      "/v1/harvester/kubevirt.io.virtualmachines/default/web-01?action=storageMigration",
      { sourceVolume: "web-01-disk-0", targetVolume: "web-fast" },
    );
    expect(asked.status, asked.text).toBe(204);
    const templates = async () =>
      textAt(
        await cluster.get(paths.machine("web-01")),
        "metadata",
        "annotations",
        "harvesterhci.io/volumeClaimTemplates",
      );
    expect(await templates()).toContain("targetVolume");
    await cluster.until(async () => !(await templates())?.includes("targetVolume"));
    expect(await templates()).toContain('"name":"web-fast"');
    const [disk] = itemsAt(await cluster.get(paths.instance("web-01")), "spec", "volumes");
    expect(textAt(disk, "persistentVolumeClaim", "claimName")).toBe("web-fast");
    expect(await cluster.get(paths.machine("web-01"))).not.toHaveProperty("spec.updateVolumesStrategy");
  });
});

describe("hosts", () => {
  it("switch their CPU manager, and are powered by their boards", async () => {
    const act = (action: string, body?: unknown) =>
      cluster.call("POST", `/v1/harvester/nodes/harvester-01?action=${action}`, body);
    const on = await act("enableCPUManager");
    expect(on.status, on.text).toBe(204);
    await cluster.pass(12);
    expect(await cluster.get("/api/v1/nodes/harvester-01")).toMatchObject({
      metadata: { labels: { cpumanager: "true" } },
    });
    const off = await act("powerAction", { operation: "shutdown" });
    expect(off.status, off.text).toBe(204);
    await cluster.pass(2);
    const ready = itemsAt(await cluster.get("/api/v1/nodes/harvester-01"), "status", "conditions");
    expect(ready.find((one) => one["type"] === "Ready")?.["status"]).toBe("Unknown");
    expect((await act("powerAction", { operation: "poweron" })).status).toBe(204);
    await cluster.pass(2);
    const again = itemsAt(await cluster.get("/api/v1/nodes/harvester-01"), "status", "conditions");
    expect(again.find((one) => one["type"] === "Ready")?.["status"]).toBe("True");
  });
});

describe("what a guest says of itself", () => {
  it("is its system, its file systems and its users", async () => {
    const read = (verb: string) => cluster.call("GET", paths.instanceVerb("web-01", verb));
    expect((await read("guestosinfo")).body).toMatchObject({ hostname: "web-01", os: { id: "ubuntu" } });
    expect(itemsAt((await read("filesystemlist")).body, "items")[0]).toMatchObject({
      mountPoint: "/",
      totalBytes: 20 * 2 ** 30,
    });
    expect(itemsAt((await read("userlist")).body, "items")[0]).toMatchObject({ userName: "ubuntu" });
  });
});

describe("processors and memory", () => {
  it("grow in a guest that was made for it, by moving it, and wait for a restart in others", async () => {
    const template = async () =>
      at(await cluster.get(paths.machine("db-01")), "spec", "template", "spec", "domain");
    const domain = { cpu: { sockets: 2 } };
    await cluster.merge(paths.machine("db-01"), { spec: { template: { spec: { domain } } } });
    await cluster.pass(1);
    const waiting = await cluster.get(paths.machine("db-01"));
    expect(itemsAt(waiting, "status", "conditions").map((one) => one["type"])).toContain("RestartRequired");
    expect(await template()).toMatchObject(domain);
    const before = textAt(await cluster.get(paths.instance("db-01")), "status", "nodeName");
    await cluster.merge(paths.machine("db-01"), {
      metadata: { annotations: { "harvesterhci.io/enableCPUAndMemoryHotplug": "true" } },
    });
    await cluster.until(
      async () => textAt(await cluster.get(paths.instance("db-01")), "status", "nodeName") !== before,
    );
    const grown = await cluster.get(paths.instance("db-01"));
    expect(at(grown, "status", "currentCPUTopology", "sockets")).toBe(2);
  });
});

describe("the memory of a guest", () => {
  it("is written into a claim that is large enough", async () => {
    expect((await put("memorydump", {})).status).toBe(400);
    expect((await put("memorydump", { claimName: "scratch-data" })).body["message"]).toContain(
      "filesystem pvc",
    );
    await cluster.create(
      "/api/v1/namespaces/default/persistentvolumeclaims",
      "v1 PersistentVolumeClaim",
      "dump",
      {
        spec: {
          accessModes: ["ReadWriteMany"],
          storageClassName: "harvester-longhorn",
          resources: { requests: { storage: "6Gi" } },
        },
      },
    );
    expect((await put("memorydump", { claimName: "dump" })).status).toBe(202);
    const phase = async () =>
      textAt(await cluster.get(paths.machine("web-01")), "status", "memoryDumpRequest", "phase");
    await cluster.until(async () => (await phase()) === "Completed");
    expect((await put("removememorydump", {})).status).toBe(202);
    expect(await phase()).toBeUndefined();
  });
});

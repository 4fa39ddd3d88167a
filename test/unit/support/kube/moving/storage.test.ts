import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, itemsAt, textAt } from "../../../../support/kube/harvester/machines/fields.ts";
import { type ClusterUnderTest, clusterUnderTest, paths } from "./cluster-under-test.ts";

let cluster: ClusterUnderTest;
beforeAll(async () => {
  cluster = await clusterUnderTest();
});
afterAll(() => cluster.stop());

const claims = "/api/v1/namespaces/default/persistentvolumeclaims";
const longhorn = "/apis/longhorn.io/v1beta2/namespaces/longhorn-system";
const claim = (name: string, spec: object = {}) =>
  cluster.create(claims, "v1 PersistentVolumeClaim", name, {
    spec: {
      accessModes: ["ReadWriteMany"],
      volumeMode: "Block",
      storageClassName: "harvester-longhorn",
      resources: { requests: { storage: "5Gi" } },
      ...spec,
    },
  });
const phaseOf = async (name: string) => textAt(await cluster.get(paths.claim(name)), "status", "phase");

describe("claims", () => {
  it("are bound to a volume with as many copies as their class says", async () => {
    await claim("plain");
    expect(await phaseOf("plain")).toBe("Pending");
    await cluster.until(async () => (await phaseOf("plain")) === "Bound");
    const volume = textAt(await cluster.get(paths.claim("plain")), "spec", "volumeName") ?? "";
    expect(await cluster.get(`${longhorn}/volumes/${volume}`)).toMatchObject({
      spec: { size: `${5 * 2 ** 30}`, numberOfReplicas: 3 },
      status: { state: "detached", kubernetesStatus: { pvcName: "plain" } },
    });
    const copies = (await cluster.items(`${longhorn}/replicas`)).filter(
      (one) => textAt(one, "spec", "volumeName") === volume,
    );
    expect(new Set(copies.map((one) => textAt(one, "spec", "nodeID"))).size).toBe(3);
  });

  it("grow, through a condition that says so", async () => {
    const grown = await cluster.merge(paths.claim("plain"), {
      spec: { resources: { requests: { storage: "8Gi" } } },
    });
    expect(grown.status).toBe(200);
    await cluster.pass(1);
    const resizing = await cluster.get(paths.claim("plain"));
    expect(itemsAt(resizing, "status", "conditions")[0]).toMatchObject({ type: "Resizing", status: "True" });
    await cluster.pass(25);
    expect(at(await cluster.get(paths.claim("plain")), "status", "capacity", "storage")).toBe("8Gi");
  });

  it("wait for their first consumer where their class says so", async () => {
    await claim("local", { storageClassName: "local-lvm" });
    await cluster.pass(30);
    expect(await phaseOf("local")).toBe("Pending");
    const events = await cluster.items("/api/v1/namespaces/default/events");
    expect(events.find((one) => textAt(one, "involvedObject", "name") === "local")?.["reason"]).toBe(
      "WaitForFirstConsumer",
    );
  });

  it("stay while a guest has them", async () => {
    expect((await cluster.call("DELETE", paths.claim("web-01-disk-0"))).status).toBeLessThan(500);
    await cluster.pass(10);
    expect((await cluster.call("GET", paths.claim("web-01-disk-0"))).status).toBe(200);
  });

  it("are made from snapshots", async () => {
    const snapshots = "/apis/snapshot.storage.k8s.io/v1/namespaces/default/volumesnapshots";
    await cluster.create(snapshots, "snapshot.storage.k8s.io/v1 VolumeSnapshot", "plain-1", {
      spec: { volumeSnapshotClassName: "longhorn-snapshot", source: { persistentVolumeClaimName: "plain" } },
    });
    await cluster.until(
      async () => at(await cluster.get(`${snapshots}/plain-1`), "status", "readyToUse") === true,
    );
    const dataSource = { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "plain-1" };
    await claim("again", { dataSource, resources: { requests: { storage: "8Gi" } } });
    await cluster.until(async () => (await phaseOf("again")) === "Bound");
  });
});

describe("volumes", () => {
  it("are degraded when a copy is lost, rebuild it, and are healthy again", async () => {
    const volumes = await cluster.items(`${longhorn}/volumes`);
    const attached = volumes.find(
      (one) => textAt(one, "status", "kubernetesStatus", "pvcName") === "db-01-disk-0",
    );
    const path = `${longhorn}/volumes/${textAt(attached, "metadata", "name")}`;
    const robustness = async () => textAt(await cluster.get(path), "status", "robustness");
    expect(await robustness()).toBe("healthy");
    await cluster.merge(path, { metadata: { annotations: { "sim.maru/degrade": "one" } } });
    await cluster.pass(1);
    expect(await robustness()).toBe("degraded");
    const query = "longhorn_volume_robustness == 2";
    const answer = await cluster.get(paths.prometheus("query", { query }));
    expect(itemsAt(answer, "data", "result")).toHaveLength(1);
    expect(await cluster.until(async () => (await robustness()) === "healthy")).toBeGreaterThan(20);
    const events = (await cluster.items("/api/v1/namespaces/longhorn-system/events")).map((one) =>
      textAt(one, "reason"),
    );
    expect(events).toEqual(expect.arrayContaining(["Degraded", "Rebuilding", "Healthy"]));
  });
});

describe("images", () => {
  const images = paths.own("virtualmachineimages");
  const image = (name: string, url: string) =>
    cluster.create(images, "harvesterhci.io/v1beta1 VirtualMachineImage", name, {
      spec: { displayName: name, sourceType: "download", url, retry: 2 },
    });
  const told = async (name: string, type: string) =>
    itemsAt(await cluster.get(`${images}/${name}`), "status", "conditions").find(
      (one) => one["type"] === type,
    )?.["status"];

  it("are downloaded with progress and get a storage class of their own", async () => {
    await image("fresh", "https://example.com/fresh.img");
    const progress: unknown[] = [];
    await cluster.until(async () => {
      progress.push(at(await cluster.get(`${images}/fresh`), "status", "progress"));
      return (await told("fresh", "Imported")) === "True";
    });
    expect(progress).toEqual(expect.arrayContaining([20, 60]));
    const found = await cluster.get(`${images}/fresh`);
    expect(textAt(found, "status", "storageClassName")).toBe(`lh-${textAt(found, "metadata", "uid")}`);
    const className = textAt(found, "status", "storageClassName");
    expect((await cluster.call("GET", `/apis/storage.k8s.io/v1/storageclasses/${className}`)).status).toBe(
      200,
    );
  });

  it("are tried again as often as they may, and then given up", async () => {
    await image("nowhere", "https://images.invalid/x.img");
    await cluster.until(async () => (await told("nowhere", "RetryLimitExceeded")) === "True");
    const found = await cluster.get(`${images}/nowhere`);
    expect(at(found, "status", "failed")).toBe(3);
    const imported = itemsAt(found, "status", "conditions").find((one) => one["type"] === "Imported");
    expect(imported).toMatchObject({ status: "False", message: expect.stringContaining("no such host") });
  });
});

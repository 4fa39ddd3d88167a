import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Api,
  at,
  CLAIMS,
  disksOver,
  MACHINES,
  machine,
  putClaim,
  putInstance,
  said,
  startHarvester,
} from "../start-harvester.ts";

const MERGE = { type: "application/merge-patch+json" };
let api: Api;
beforeAll(async () => {
  api = await startHarvester();
});
afterAll(() => api.sim.stop());

const resize = (name: string, storage: string) =>
  api.ask("PATCH", `${CLAIMS}/${name}`, { spec: { resources: { requests: { storage } } } }, MERGE);

const create = (name: string, storageClassName: string) =>
  api.ask("POST", CLAIMS, {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name },
    spec: { accessModes: ["ReadWriteMany"], storageClassName, resources: { requests: { storage: "1Gi" } } },
  });

describe("a volume", () => {
  it("stands on a class that is there and is for users", async () => {
    expect((await create("ok", "harvester-longhorn")).status).toBe(201);
    expect(said(await create("a", "longhorn-static"))).toContain("reserved storage class longhorn-static");
    expect((await create("b", "none")).status).toBe(500);
  });

  it("grows, and never shrinks", async () => {
    putClaim(api.sim.world, "disk");
    expect((await resize("disk", "20Gi")).status).toBe(200);
    const smaller = await resize("disk", "5Gi");
    expect(smaller).toMatchObject({
      status: 422,
      body: { reason: "Invalid", details: { causes: [{ field: "spec.resources.requests.storage" }] } },
    });
    expect(said(smaller)).toContain("field can not be less than status.capacity");
  });

  it("grows only where its class lets it, and under a running machine where its driver does", async () => {
    putClaim(api.sim.world, "stuck", { storageClassName: "fixed" });
    expect(await resize("stuck", "20Gi")).toMatchObject({ status: 403, body: { reason: "Forbidden" } });
    putClaim(api.sim.world, "files", { storageClassName: "shared-files" });
    await api.ask("POST", MACHINES, machine("web", disksOver("files")));
    const refused = await resize("files", "20Gi");
    expect(refused.status).toBe(422);
    expect(said(refused)).toContain("is not online expandable with its provider");
  });

  it("keeps its class and its mode", async () => {
    const moved = await api.ask("PATCH", `${CLAIMS}/disk`, { spec: { storageClassName: "fixed" } }, MERGE);
    expect(said(moved)).toContain("spec is immutable after creation");
  });

  it("stays while a machine has it, or an image is made of it", async () => {
    const attached = await api.ask("DELETE", `${CLAIMS}/files`);
    expect(attached).toMatchObject({ status: 409, body: { reason: "Conflict" } });
    expect(said(attached)).toContain("which is currently attached to VM: default/web");
    expect((await api.ask("DELETE", `${CLAIMS}/disk`)).status).toBe(200);
  });
});

describe("a storage class", () => {
  const path = "/apis/storage.k8s.io/v1/storageclasses";
  const make = (name: string, parameters: object, annotations = {}) =>
    api.ask("POST", path, {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name, annotations },
      provisioner: "driver.longhorn.io",
      parameters,
    });

  it("is the default alone, and keeps no data on one host only", async () => {
    const asDefault = { "storageclass.kubernetes.io/is-default-class": "true" };
    expect(said(await make("a", {}, asDefault))).toContain(
      "default storage class harvester-longhorn already exists",
    );
    expect(said(await make("a", { dataLocality: "strict-local" }))).toContain("is not allowed");
    const reserved = { "harvesterhci.io/is-reserved-storageclass": "true" };
    expect((await make("kept", {}, reserved)).status).toBe(201);
    expect((await api.ask("DELETE", `${path}/kept`)).status).toBe(422);
  });
});

describe("a host", () => {
  it("is not taken out when it is the last one open", async () => {
    const cordon = (name: string) =>
      api.ask("PATCH", `/api/v1/nodes/${name}`, { spec: { unschedulable: true } }, MERGE);
    expect((await cordon("n1")).status).toBe(200);
    expect((await cordon("n2")).status).toBe(200);
    const last = await cordon("n3");
    expect(last.status).toBe(400);
    expect(said(last)).toContain("on the last available node");
  });
});

describe("a migration", () => {
  const path = "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstancemigrations";
  const move = (name: string, vmiName: string) =>
    api.ask("POST", path, {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachineInstanceMigration",
      metadata: { name },
      spec: { vmiName },
    });

  it("is of a machine that runs, one at a time", async () => {
    expect(said(await move("m1", "none"))).toContain('the VMI "default/none" does not exist');
    putInstance(api.sim.world, "web");
    const first = await move("m1", "web");
    expect(first.status).toBe(201);
    expect(at(first.body, "spec/vmiName")).toBe("web");
    expect(said(await move("m2", "web"))).toContain("in-flight migration detected");
    putInstance(api.sim.world, "done", "n1", { phase: "Succeeded" });
    expect(said(await move("m3", "done"))).toContain("finalized state");
  });
});

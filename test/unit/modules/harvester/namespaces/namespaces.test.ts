import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createNamespace } from "../../../../../src/modules/harvester/namespaces/operations/create-namespace.ts";
import { deleteNamespace } from "../../../../../src/modules/harvester/namespaces/operations/delete-namespace.ts";
import { getNamespace } from "../../../../../src/modules/harvester/namespaces/operations/get-namespace.ts";
import { listNamespaces } from "../../../../../src/modules/harvester/namespaces/operations/list-namespaces.ts";
import { removeNamespaceQuota } from "../../../../../src/modules/harvester/namespaces/operations/remove-namespace-quota.ts";
import { setNamespaceQuota } from "../../../../../src/modules/harvester/namespaces/operations/set-namespace-quota.ts";
import { createVolume } from "../../../../../src/modules/harvester/volumes/operations/create-volume.ts";
import { type Stage, stageCluster } from "../../../../support/harvester/stage-cluster.ts";
import { isPublished } from "../../../../support/kube/harvester/index/harvester-api.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await stageCluster();
});
afterAll(() => stage.stop());

const namespace = "lab";
const gib = 2 ** 30;

describe("a namespace of a cluster", () => {
  it("is made once", async () => {
    const { object } = await stage.call(createNamespace, { name: namespace, description: "trials" });
    expect(object).toMatchObject({ name: namespace, state: "active", system: false, description: "trials" });
    const again = await stage.refused(createNamespace, { name: namespace });
    expect(again).toMatchObject({ code: "harvester.name_taken", errors: [{ pointer: "/name" }] });
  });

  it("is limited in processors, memory, storage and snapshots, as a whole", async () => {
    const limits = { cpu: "8", memory: "16Gi", storage: "100Gi", snapshots: "50Gi" };
    await stage.call(setNamespaceQuota, { namespace, ...limits });
    expect((await stage.call(getNamespace, { namespace })).quota).toMatchObject({
      cpu: { limit: 8 },
      memoryBytes: { limit: 16 * gib },
      storageBytes: { limit: 100 * gib, used: 0 },
      snapshotBytes: { limit: 50 * gib },
    });
    await stage.call(setNamespaceQuota, { namespace, storage: "10Gi" });
    expect((await stage.call(getNamespace, { namespace })).quota).toMatchObject({
      cpu: { limit: null },
      storageBytes: { limit: 10 * gib },
      snapshotBytes: { limit: null },
    });
    const empty = await stage.refused(setNamespaceQuota, { namespace });
    expect(empty.code).toBe("harvester.quota_empty");
  });

  it("lets nothing in beyond its quota", async () => {
    const large = { namespace, name: "large", size: "20Gi" };
    expect(await stage.refused(createVolume, large)).toMatchObject({
      kind: "limit_reached",
      code: "harvester.quota_exceeded",
      detail: expect.stringContaining("exceeded quota"),
    });
    await stage.call(removeNamespaceQuota, { namespace });
    await stage.call(createVolume, large);
    expect((await stage.refused(removeNamespaceQuota, { namespace })).code).toBe("harvester.unknown");
  });

  it("is deleted when its name confirms it, and never one of the cluster's own", async () => {
    const unsure = await stage.refused(deleteNamespace, { namespace, confirm: "yes" });
    expect(unsure).toMatchObject({
      code: "harvester.not_confirmed",
      errors: [{ pointer: "/query/confirm" }],
    });
    for (const own of ["default", "kube-system", "harvester-system", "longhorn-system"]) {
      const refused = await stage.refused(deleteNamespace, { namespace: own, confirm: own });
      expect(refused.code).toBe("harvester.system_namespace");
    }
    await stage.call(deleteNamespace, { namespace, confirm: namespace });
    await stage.advance(60_000);
    expect((await stage.refused(getNamespace, { namespace })).code).toBe("harvester.unknown");
  });

  it("is seen by those who reach it only, and made by those who reach all", async () => {
    const outsider = await stage.heldTo("ml-team");
    const { items } = await stage.call(listNamespaces, {}, outsider);
    expect(items.map(({ name }) => name)).toEqual(["ml-team"]);
    expect((await stage.refused(getNamespace, { namespace: "default" }, outsider)).code).toBe(
      "harvester.unknown",
    );
    expect(await stage.refused(createNamespace, { name: "mine" }, outsider)).toMatchObject({
      kind: "forbidden",
      code: "harvester.part_of_cluster",
    });
  });

  it("asks the cluster only what is published", () => {
    for (const { method, path } of stage.calls)
      expect([method, path, isPublished(method, path)]).toEqual([method, path, true]);
  });
});

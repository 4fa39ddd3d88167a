import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cancelVolumeExpansion } from "../../../../../src/modules/harvester/volumes/operations/cancel-volume-expansion.ts";
import { cloneVolume } from "../../../../../src/modules/harvester/volumes/operations/clone-volume.ts";
import { createVolume } from "../../../../../src/modules/harvester/volumes/operations/create-volume.ts";
import { deleteVolume } from "../../../../../src/modules/harvester/volumes/operations/delete-volume.ts";
import { deleteVolumeSnapshot } from "../../../../../src/modules/harvester/volumes/operations/delete-volume-snapshot.ts";
import { exportVolume } from "../../../../../src/modules/harvester/volumes/operations/export-volume.ts";
import { getVolume } from "../../../../../src/modules/harvester/volumes/operations/get-volume.ts";
import { getVolumeSnapshot } from "../../../../../src/modules/harvester/volumes/operations/get-volume-snapshot.ts";
import { listVolumeSnapshots } from "../../../../../src/modules/harvester/volumes/operations/list-volume-snapshots.ts";
import { listVolumes } from "../../../../../src/modules/harvester/volumes/operations/list-volumes.ts";
import { resizeVolume } from "../../../../../src/modules/harvester/volumes/operations/resize-volume.ts";
import { restoreVolumeSnapshot } from "../../../../../src/modules/harvester/volumes/operations/restore-volume-snapshot.ts";
import { snapshotVolume } from "../../../../../src/modules/harvester/volumes/operations/snapshot-volume.ts";
import { type Stage, stageCluster } from "../../../../support/harvester/stage-cluster.ts";
import { isPublished } from "../../../../support/kube/harvester/index/harvester-api.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await stageCluster();
});
afterAll(() => stage.stop());

const at = (name: string, namespace = "default") => ({ namespace, name });
const get = (name: string) => stage.call(getVolume, at(name));
const seconds = (count: number) => stage.advance(count * 1000);

describe("a volume of a cluster", () => {
  it("is made empty, and is bound after a while", async () => {
    const { object, queued } = await stage.call(createVolume, {
      ...at("data"),
      size: "5Gi",
      storageClass: "longhorn-2-replicas",
      description: "what is measured",
      labels: { team: "ml" },
    });
    expect(queued).toBe(false);
    expect(object).toMatchObject({ name: "data", size: "5Gi", sizeBytes: 5 * 2 ** 30, attachedTo: [] });
    await seconds(30);
    expect(await get("data")).toMatchObject({
      state: "bound",
      capacityBytes: 5 * 2 ** 30,
      description: "what is measured",
      labels: { team: "ml" },
      health: { robustness: expect.any(String), replicas: 2 },
    });
  });

  it("is of the cluster's default storage class when none is named", async () => {
    const { object } = await stage.call(createVolume, { ...at("plain"), size: "1Gi" });
    expect(object?.storageClass).toBe("harvester-longhorn");
    await seconds(30);
    expect((await get("plain")).state).toBe("bound");
  });

  it("is made from an image, of the storage class that the image says", async () => {
    const { object } = await stage.call(createVolume, {
      ...at("from-jammy"),
      size: "10Gi",
      image: "default/image-jammy",
    });
    expect(object).toMatchObject({ image: "default/image-jammy" });
    expect(object?.storageClass).toMatch(/^(lh|longhorn)-/);
  });

  it("is refused early when the image does not fit into it or is not ready", async () => {
    const small = await stage.refused(createVolume, {
      ...at("small"),
      size: "1Gi",
      image: "default/image-jammy",
    });
    expect(small).toMatchObject({
      kind: "invalid_input",
      code: "harvester.volume_too_small",
      errors: [{ pointer: "/size" }],
    });
    const absent = await stage.refused(createVolume, { ...at("absent"), size: "1Gi", image: "default/no" });
    expect(absent.code).toBe("harvester.unknown");
  });

  it("shows who has it as a disk and how its storage is", async () => {
    const disk = await get("web-01-disk-0");
    expect(disk).toMatchObject({
      attachedTo: ["web-01"],
      health: { state: "attached", robustness: "healthy", host: "harvester-01" },
    });
  });

  it("grows, and never shrinks", async () => {
    const shrinking = await stage.refused(resizeVolume, { ...at("data"), size: "4Gi" });
    expect(shrinking).toMatchObject({
      kind: "invalid_input",
      code: "harvester.volume_shrinks",
      errors: [{ pointer: "/size" }],
    });
    const { resourceVersion } = await get("data");
    const grown = await stage.call(resizeVolume, { ...at("data"), size: "8Gi", resourceVersion });
    expect(grown).toMatchObject({ object: { size: "8Gi", state: "expanding" }, jobId: expect.any(String) });
    await seconds(30);
    expect(await get("data")).toMatchObject({ state: "bound", capacityBytes: 8 * 2 ** 30 });
    const late = await stage.refused(resizeVolume, { ...at("data"), size: "9Gi", resourceVersion });
    expect(late).toMatchObject({
      kind: "conflict",
      code: "harvester.changed",
      data: { yours: { resourceVersion, size: "9Gi" }, current: { size: "8Gi" } },
    });
  });

  it("gives up an expansion that goes on, of a volume that no machine has", async () => {
    await stage.call(resizeVolume, { ...at("data"), size: "9Gi" });
    const { object } = await stage.call(cancelVolumeExpansion, at("data"));
    expect(object).toMatchObject({ size: "8Gi" });
    expect((await stage.refused(cancelVolumeExpansion, at("data"))).code).toBe("harvester.wrong_state");
    await stage.call(resizeVolume, { ...at("web-01-disk-0"), size: "21Gi" });
    const attached = await stage.refused(cancelVolumeExpansion, at("web-01-disk-0"));
    expect(attached.code).toBe("harvester.volume_attached");
    await seconds(30);
  });

  it("is copied", async () => {
    const { object } = await stage.call(cloneVolume, { ...at("data"), newName: "data-copy" });
    expect(object).toMatchObject({ name: "data-copy" });
    const taken = await stage.refused(cloneVolume, { ...at("data"), newName: "data-copy" });
    expect(taken.kind).toMatch(/conflict|invalid_input/);
  });

  it("has snapshots, from which others are made", async () => {
    const { object } = await stage.call(snapshotVolume, { ...at("data"), snapshotName: "data-monday" });
    expect(object).toMatchObject({ name: "data-monday", volume: "data" });
    await seconds(30);
    expect(await stage.call(getVolumeSnapshot, at("data-monday"))).toMatchObject({ state: "ready" });
    const restored = await stage.call(restoreVolumeSnapshot, { ...at("data-monday"), newName: "data-again" });
    expect(restored.object).toMatchObject({ name: "data-again" });
    const { items } = await stage.call(listVolumeSnapshots, { namespace: "default" });
    expect(items.map(({ name }) => name)).toContain("data-monday");
    await seconds(30);
    await stage.call(deleteVolumeSnapshot, at("data-monday"));
    await seconds(30);
    expect((await stage.refused(getVolumeSnapshot, at("data-monday"))).code).toBe("harvester.unknown");
  });

  it("is exported to an image", async () => {
    const { object, jobId } = await stage.call(exportVolume, { ...at("data"), displayName: "data-image" });
    expect(object).toMatchObject({ displayName: "data-image", source: "export-from-volume" });
    expect(jobId).toMatch(/^job_/);
  });

  it("is not deleted while a machine has it", async () => {
    const before = stage.calls.length;
    expect(await stage.refused(deleteVolume, at("web-01-disk-0"))).toMatchObject({
      code: "harvester.volume_attached",
      data: { attachedTo: ["web-01"] },
    });
    expect(stage.calls.slice(before).every(({ method }) => method === "GET")).toBe(true);
    const done = await stage.call(deleteVolume, at("data-copy"));
    expect(done.commandId).toMatch(/^cmd_/);
    await seconds(30);
    expect((await stage.refused(getVolume, at("data-copy"))).code).toBe("harvester.unknown");
  });

  it("is listed in pages, across namespaces and of one, each once", async () => {
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await stage.call(listVolumes, { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ namespace, name }) => `${namespace}/${name}`));
      cursor = page.nextCursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(["default/data", "ml-team/train-01-disk-0"]));
    const own = await stage.call(listVolumes, { namespace: "ml-team" });
    expect(own.items.every(({ namespace }) => namespace === "ml-team")).toBe(true);
    const labelled = await stage.call(listVolumes, { labels: "team=ml" });
    expect(labelled.items.map(({ name }) => name)).toEqual(["data"]);
  });

  it("refuses a cursor of another list, at the cursor", async () => {
    const { nextCursor } = await stage.call(listVolumes, { limit: 1 });
    for (const cursor of ["nonsense", btoa("[1,2]"), nextCursor]) {
      const failure = await stage.refused(listVolumeSnapshots, { cursor });
      expect(failure.errors?.[0]?.pointer).toBe("/query/cursor");
    }
  });

  it("is unknown in a namespace of others, before anything goes to the cluster", async () => {
    const outsider = await stage.heldTo("ml-team");
    const before = stage.calls.length;
    for (const refused of [
      stage.refused(getVolume, at("data"), outsider),
      stage.refused(deleteVolume, at("data"), outsider),
      stage.refused(cancelVolumeExpansion, at("data"), outsider),
    ])
      expect((await refused).code).toBe("harvester.unknown");
    const listed = await stage.refused(listVolumes, { namespace: "default" }, outsider);
    expect(listed.code).toBe("harvester.unknown");
    expect(stage.calls.length).toBe(before);
    const seen = await stage.call(listVolumes, {}, outsider);
    expect(seen.items.length).toBeGreaterThan(0);
    expect(new Set(seen.items.map(({ namespace }) => namespace))).toEqual(new Set(["ml-team"]));
  });

  it("asks the cluster only what Harvester publishes, and leaves an event for each change", () => {
    for (const { method, path } of stage.calls)
      expect([method, path, isPublished(method, path)]).toEqual([method, path, true]);
    expect(stage.events.map(({ entity }) => entity)).toContain("cluster:cls_test/volumes/default/data");
    for (const { after } of stage.events) expect(after).toMatchObject({ commandId: expect.any(String) });
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSupportBundle } from "../../../../../src/modules/harvester/support/operations/create-support-bundle.ts";
import { deleteSupportBundle } from "../../../../../src/modules/harvester/support/operations/delete-support-bundle.ts";
import { downloadSupportBundle } from "../../../../../src/modules/harvester/support/operations/download-support-bundle.ts";
import { getSupportBundle } from "../../../../../src/modules/harvester/support/operations/get-support-bundle.ts";
import { listSupportBundles } from "../../../../../src/modules/harvester/support/operations/list-support-bundles.ts";
import { type Stage, stageCluster } from "../../../../support/harvester/stage-cluster.ts";
import { isPublished } from "../../../../support/kube/harvester/index/harvester-api.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await stageCluster();
});
afterAll(() => stage.stop());

describe("a support bundle of a cluster", () => {
  it("is collected, downloaded when it is ready, and deleted", async () => {
    const { object } = await stage.call(createSupportBundle, {
      description: "slow",
      namespaces: ["ml-team"],
    });
    const name = object?.name ?? "";
    expect(object).toMatchObject({ state: "collecting", description: "slow" });
    expect((await stage.refused(downloadSupportBundle, { name })).code).toBe("harvester.wrong_state");
    await stage.advance(120_000);
    expect(await stage.call(getSupportBundle, { name })).toMatchObject({ state: "ready", progress: 100 });
    const file = (await stage.call(downloadSupportBundle, { name })) as { stream: ReadableStream };
    const bytes = new Uint8Array(await new Response(file.stream).arrayBuffer());
    expect([...bytes.slice(0, 2)]).toEqual([0x50, 0x4b]);
    expect((await stage.call(listSupportBundles, {})).items).toHaveLength(1);
    await stage.call(deleteSupportBundle, { name });
    expect((await stage.refused(getSupportBundle, { name })).code).toBe("harvester.unknown");
  });

  it("is refused for a namespace that there isn't", async () => {
    const refused = await stage.refused(createSupportBundle, { description: "x", namespaces: ["nope"] });
    expect(refused).toMatchObject({ kind: "invalid_input", detail: "namespace nope not found" });
  });

  it("is asked for as published", () => {
    for (const { method, path } of stage.calls)
      expect([method, path, isPublished(method, path)]).toEqual([method, path, true]);
  });
});

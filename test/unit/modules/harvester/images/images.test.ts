import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cloneImage } from "../../../../../src/modules/harvester/images/operations/clone-image.ts";
import { createImage } from "../../../../../src/modules/harvester/images/operations/create-image.ts";
import { decryptImage } from "../../../../../src/modules/harvester/images/operations/decrypt-image.ts";
import { deleteImage } from "../../../../../src/modules/harvester/images/operations/delete-image.ts";
import { downloadImage } from "../../../../../src/modules/harvester/images/operations/download-image.ts";
import { encryptImage } from "../../../../../src/modules/harvester/images/operations/encrypt-image.ts";
import { getImage } from "../../../../../src/modules/harvester/images/operations/get-image.ts";
import { listImages } from "../../../../../src/modules/harvester/images/operations/list-images.ts";
import { updateImage } from "../../../../../src/modules/harvester/images/operations/update-image.ts";
import { uploadImage } from "../../../../../src/modules/harvester/images/operations/upload-image.ts";
import { type Stage, stageCluster } from "../../../../support/harvester/stage-cluster.ts";
import { isPublished } from "../../../../support/kube/harvester/index/harvester-api.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await stageCluster();
});
afterAll(() => stage.stop());

const at = (name: string, namespace = "default") => ({ namespace, name });
const get = (name: string) => stage.call(getImage, at(name));
const seconds = (count: number) => stage.advance(count * 1000);
const url = "https://images.example.org/debian-13.qcow2";
const bytes = (length: number) => new Uint8Array(length).map((_, index) => index % 251);
const bodyOf = (content: Uint8Array, length: number | undefined = content.byteLength) => ({
  body: {
    stream: new Blob([content as BlobPart]).stream() as ReadableStream<Uint8Array>,
    contentType: "application/octet-stream",
    length,
  },
});

describe("an image of a cluster", () => {
  it("is imported from an address, and tells how far it has come", async () => {
    const checksum = "ab".repeat(64);
    const made = await stage.call(createImage, {
      ...at("debian-13"),
      displayName: "debian-13",
      source: { kind: "download", url, checksum },
      labels: { os: "debian" },
    });
    expect(made).toMatchObject({ object: { source: "download", url, checksum }, jobId: expect.any(String) });
    await seconds(5);
    const under = await get("debian-13");
    expect(["waiting", "importing", "ready"]).toContain(under.state);
    await seconds(300);
    expect(await get("debian-13")).toMatchObject({
      state: "ready",
      progress: 100,
      storageClass: expect.any(String),
    });
  });

  it("is refused with a pointer when the address or the checksum can't be one", async () => {
    const draft = { ...at("wrong"), displayName: "wrong" };
    for (const source of [
      { kind: "download", url: "ftp://example.org/x" },
      { kind: "download", url: "https://user:secret@example.org/x" },
      { kind: "download", url, checksum: "123" },
      { kind: "elsewhere" },
    ])
      await expect(stage.call(createImage, { ...draft, source })).rejects.toThrow(
        /invalid|Invalid|credential/,
      );
    await expect(
      stage.call(createImage, { ...draft, displayName: "has spaces", source: { kind: "upload" } }),
    ).rejects.toThrow();
  });

  it("takes a file as it comes, and gives it back", async () => {
    const content = bytes(300_000);
    await stage.call(createImage, { ...at("mine"), displayName: "mine", source: { kind: "upload" } });
    await seconds(5);
    const { object } = await stage.call(uploadImage, at("mine"), bodyOf(content));
    expect(object?.source).toBe("upload");
    await seconds(60);
    expect(await get("mine")).toMatchObject({ state: "ready" });
    const file = (await stage.call(downloadImage, at("mine"))) as {
      stream: ReadableStream;
      fileName: string;
    };
    expect(new Uint8Array(await new Response(file.stream).arrayBuffer())).toEqual(content);
    expect(file.fileName).toBe("mine.img");
    const again = await stage.refused(uploadImage, at("mine"), bodyOf(content));
    expect(again.code).toBe("harvester.wrong_state");
  });

  it("refuses a file that is shorter or longer than was said, or of no known length", async () => {
    await stage.call(createImage, { ...at("odd"), displayName: "odd", source: { kind: "upload" } });
    await seconds(5);
    const nowhere = await stage.refused(uploadImage, at("odd"), {
      body: { ...bodyOf(bytes(5)).body, length: undefined } as never,
    });
    expect(nowhere).toMatchObject({ code: "harvester.size_missing", errors: [{ pointer: "/query/size" }] });
    await expect(stage.call(uploadImage, { ...at("odd"), size: 1000 }, bodyOf(bytes(5)))).rejects.toThrow();
    await expect(stage.call(uploadImage, { ...at("odd"), size: 5 }, bodyOf(bytes(1000)))).rejects.toThrow();
  });

  it("keeps its name and changes its labels and description, on the version that was read", async () => {
    const { resourceVersion } = await get("debian-13");
    const change = { ...at("debian-13"), resourceVersion };
    const { object } = await stage.call(updateImage, {
      ...change,
      description: "the usual one",
      labels: { os: null, tier: "gold" },
    });
    expect(object).toMatchObject({ description: "the usual one" });
    expect(object?.labels).toMatchObject({ tier: "gold" });
    expect(object?.labels).not.toHaveProperty("os");
    const late = await stage.refused(updateImage, { ...change, description: "other" });
    expect(late).toMatchObject({
      code: "harvester.changed",
      data: { yours: { resourceVersion }, current: { description: "the usual one" } },
    });
  });

  it("is fetched once more under another name, if it was fetched", async () => {
    const { object } = await stage.call(cloneImage, {
      ...at("debian-13"),
      displayName: "debian-13-b",
      newName: "copy",
    });
    expect(object).toMatchObject({ name: "copy", url });
    const mine = await stage.refused(cloneImage, { ...at("mine"), displayName: "mine-b" });
    expect(mine.code).toBe("harvester.image_not_downloaded");
  });

  it("is copied encrypted with a class that encrypts only", async () => {
    const plain = { ...at("debian-13"), displayName: "locked", storageClass: "harvester-longhorn" };
    const refused = await stage.refused(encryptImage, plain);
    expect(refused.kind).toBe("invalid_input");
    const { store } = stage.simulator.world;
    const kind = store.kindOf("storage.k8s.io", "storageclasses");
    const longhorn = store.get(kind, undefined, "harvester-longhorn");
    store.create(kind, {
      ...longhorn,
      metadata: { name: "encrypting" } as never,
      parameters: { encrypted: "true", numberOfReplicas: "3" },
    });
    const { object } = await stage.call(encryptImage, {
      ...plain,
      storageClass: "encrypting",
      newName: "locked",
    });
    expect(object).toMatchObject({ encryption: "encrypt", madeFrom: "default/debian-13" });
    await seconds(300);
    const opened = await stage.call(decryptImage, {
      ...at("locked"),
      displayName: "opened",
      newName: "opened",
      storageClass: "harvester-longhorn",
    });
    expect(opened.object?.encryption).toBe("decrypt");
  });

  it("is deleted, unless volumes are made of it", async () => {
    const used = await stage.refused(deleteImage, at("image-jammy"));
    expect(used).toMatchObject({ kind: "invalid_input", detail: expect.stringContaining("being used by") });
    await stage.call(deleteImage, at("copy"));
    await seconds(10);
    expect((await stage.refused(getImage, at("copy"))).code).toBe("harvester.unknown");
  });

  it("is listed in pages, each once", async () => {
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await stage.call(listImages, { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(["image-jammy", "image-noble", "debian-13"]));
  });

  it("is neither read nor taken from a namespace of others", async () => {
    const outsider = await stage.heldTo("ml-team");
    expect((await stage.refused(getImage, at("debian-13"), outsider)).code).toBe("harvester.unknown");
    const elsewhere = { ...at("debian-13"), displayName: "x", imageNamespace: "ml-team" };
    expect((await stage.refused(cloneImage, elsewhere, outsider)).code).toBe("harvester.unknown");
  });

  it("asks the cluster only what Harvester publishes", () => {
    for (const { method, path } of stage.calls)
      expect([method, path, isPublished(method, path)]).toEqual([method, path, true]);
  });
});

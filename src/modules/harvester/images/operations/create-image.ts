import { defineOperation } from "../../../../kernel/operation.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle, settleFollowed } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { imagePath } from "../find-image.ts";
import { imageOf } from "../image.rules.ts";
import { readImage } from "../read-image.rules.ts";
import { CreateImage, Image } from "../schemas.ts";

export const createImage = defineOperation({
  action: "harvester.image.create",
  effect: "write",
  scope: "clusters:write",
  summary: "Make an image from an address, or one that waits for a file",
  input: CreateImage,
  output: doneOf(Image),
  raises: writeRaises,
  resource: (at) => entityOf(at, "images"),
  async run(ctx, asked) {
    const kube = await openNamespace(ctx, asked.id, asked.namespace);
    const done = await kube.create(imagePath({ namespace: asked.namespace }), imageOf(asked), {
      pointers: {
        "spec.url": "/source/url",
        "spec.checksum": "/source/checksum",
        "spec.retry": "/source/retries",
        "spec.displayName": "/displayName",
        metadata: "/name",
      },
      queueForMs: asked.queueForMs,
    });
    const name = done.object?.metadata.name ?? asked.name ?? asked.displayName;
    const entity = entityOf(asked, "images", name);
    if (asked.source.kind === "upload") return settle(ctx, entity, done, readImage);
    const target = { kind: "image.import", clusterId: asked.id, namespace: asked.namespace, name } as const;
    return settleFollowed(ctx, entity, done, readImage, target);
  },
});

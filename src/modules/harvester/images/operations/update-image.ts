import { defineOperation } from "../../../../kernel/operation.ts";
import { orChanged } from "../../kube/or-changed.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { imagePath } from "../find-image.ts";
import { imageChange } from "../image.rules.ts";
import { readImage } from "../read-image.rules.ts";
import { Image, UpdateImage } from "../schemas.ts";

export const updateImage = defineOperation({
  action: "harvester.image.update",
  effect: "write",
  scope: "clusters:write",
  summary: "Change the description or the labels of an image; its name stays as it was made",
  input: UpdateImage,
  output: doneOf(Image),
  raises: writeRaises,
  resource: (at) => entityOf(at, "images"),
  async run(ctx, asked) {
    const kube = await openNamespace(ctx, asked.id, asked.namespace);
    const path = imagePath(asked);
    const edit = kube.patch(path, "merge", imageChange(asked), {
      pointers: { "spec.description": "/description", "metadata.labels": "/labels" },
      queueForMs: asked.queueForMs,
    });
    const { resourceVersion, description, labels } = asked;
    const yours = { resourceVersion, description, labels };
    const done = await orChanged(edit, { kube, path, read: readImage }, yours);
    return settle(ctx, entityOf(asked, "images"), done, readImage);
  },
});

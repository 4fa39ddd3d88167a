import { defineOperation } from "../../../../kernel/operation.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, NamedRef } from "../../words.ts";
import { imagePath, mustFindImage } from "../find-image.ts";

export const deleteImage = defineOperation({
  action: "harvester.image.delete",
  effect: "write",
  scope: "clusters:write",
  summary: "Delete an image; the cluster refuses it while volumes are made of it",
  input: NamedRef,
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, "images"),
  async run(ctx, at) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const before = await mustFindImage(kube, at);
    const done = await kube.remove(imagePath(at));
    return settleBare(ctx, entityOf(at, "images"), done, { before });
  },
});

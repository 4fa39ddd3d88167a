import { defineOperation } from "../../../../kernel/operation.ts";
import { mustReachNamespace } from "../../../clusters/index.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleFollowed } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { imagePath, mustFindImage } from "../find-image.ts";
import { againOf } from "../image.rules.ts";
import { readImage } from "../read-image.rules.ts";
import { CloneImage, Image } from "../schemas.ts";

export const cloneImage = defineOperation({
  action: "harvester.image.clone",
  effect: "write",
  scope: "clusters:write",
  summary:
    "Make an image like another: the same download once more, in any namespace that the caller reaches",
  input: CloneImage,
  output: doneOf(Image),
  raises: writeRaises,
  resource: ({ id }) => `cluster:${id}/images`,
  async run(ctx, asked) {
    const kube = await openNamespace(ctx, asked.id, asked.namespace);
    const namespace = asked.imageNamespace ?? asked.namespace;
    await mustReachNamespace(ctx, asked.id, namespace);
    const object = againOf(asked, await mustFindImage(kube, asked));
    const done = await kube.create(imagePath({ namespace }), object, {
      pointers: { "spec.displayName": "/displayName", metadata: "/newName" },
    });
    const name = done.object?.metadata.name ?? asked.newName ?? asked.displayName;
    const target = { kind: "image.import", clusterId: asked.id, namespace, name } as const;
    return settleFollowed(
      ctx,
      entityOf({ id: asked.id, namespace }, "images", name),
      done,
      readImage,
      target,
    );
  },
});

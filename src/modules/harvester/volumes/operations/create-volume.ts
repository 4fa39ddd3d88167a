import { defineOperation } from "../../../../kernel/operation.ts";
import { mustReachNamespace } from "../../../clusters/index.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { volumePath } from "../find-volume.ts";
import { noFacts, readVolume } from "../read-volume.rules.ts";
import { CreateVolume, Volume } from "../schemas.ts";
import { claimOf, imageFactsOf } from "../volume.rules.ts";

export const createVolume = defineOperation({
  action: "harvester.volume.create",
  effect: "write",
  scope: "clusters:write",
  summary: "Make a volume, empty or from an image",
  input: CreateVolume,
  output: doneOf(Volume),
  raises: writeRaises,
  resource: ({ id, namespace, name }) => entityOf({ id, namespace, name }, "volumes"),
  async run(ctx, asked) {
    const kube = await openNamespace(ctx, asked.id, asked.namespace);
    let image: ReturnType<typeof imageFactsOf> | undefined;
    if (asked.image !== undefined) {
      const [namespace = "", name = ""] = asked.image.split("/");
      await mustReachNamespace(ctx, asked.id, namespace);
      const found = await kube.get(pathOf("harvester", "virtualmachineimages", { namespace, name }));
      image = imageFactsOf(found, asked.size);
    }
    const done = await kube.create(volumePath({ namespace: asked.namespace }), claimOf(asked, image), {
      pointers: { "spec.resources": "/size", "spec.storageClassName": "/storageClass", metadata: "/name" },
      queueForMs: asked.queueForMs,
    });
    return settle(ctx, entityOf(asked, "volumes"), done, (claim) => readVolume(claim, noFacts));
  },
});

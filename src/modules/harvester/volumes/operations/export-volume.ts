import { defineOperation } from "../../../../kernel/operation.ts";
import { mustReachNamespace } from "../../../clusters/index.ts";
import { readImage } from "../../images/read-image.rules.ts";
import { Image } from "../../images/schemas.ts";
import type { KubeObject } from "../../kube/object.ts";
import { stevePath } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle, settleFollowed } from "../../settle.ts";
import { defaultStorageClass } from "../../storage-classes/default-storage-class.ts";
import { doneOf } from "../../words.ts";
import { ExportVolume } from "../schemas.ts";

export const exportVolume = defineOperation({
  action: "harvester.volume.export",
  effect: "write",
  scope: "clusters:write",
  summary: "Export a volume to a new image",
  input: ExportVolume,
  output: doneOf(Image),
  raises: writeRaises,
  resource: (at) => entityOf(at, "volumes"),
  async run(ctx, { displayName, imageNamespace, storageClass, ...at }) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const namespace = imageNamespace ?? at.namespace;
    await mustReachNamespace(ctx, at.id, namespace);
    const done = await kube.ask(
      "POST",
      stevePath("persistentvolumeclaims", at.namespace, at.name),
      { displayName, namespace, storageClassName: storageClass ?? (await defaultStorageClass(kube)) },
      {
        query: { action: "export" },
        pointers: { displayName: "/displayName" },
      },
    );
    const object = isObject(done.object) ? done.object : undefined;
    const entity = entityOf(at, "volumes");
    if (object === undefined) return settle(ctx, entity, { ...done, object }, readImage);
    const target = {
      kind: "volume.export",
      clusterId: at.id,
      namespace,
      name: object.metadata.name,
    } as const;
    return settleFollowed(ctx, entity, { ...done, object }, readImage, target);
  },
});

const isObject = (answer: unknown): answer is KubeObject =>
  typeof answer === "object" && answer !== null && "metadata" in answer;

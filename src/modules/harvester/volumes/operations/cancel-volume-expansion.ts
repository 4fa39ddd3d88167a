import { defineOperation } from "../../../../kernel/operation.ts";
import type { KubeObject } from "../../kube/object.ts";
import { stevePath } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf, NamedRef } from "../../words.ts";
import { mustFindVolume, volumePath } from "../find-volume.ts";
import { noFacts, readVolume } from "../read-volume.rules.ts";
import { Volume } from "../schemas.ts";
import { mustBeDetached, mustExpand } from "../volume.rules.ts";

export const cancelVolumeExpansion = defineOperation({
  action: "harvester.volume.cancel_expansion",
  effect: "write",
  scope: "clusters:write",
  summary: "Give up an expansion of a volume that can't be finished",
  input: NamedRef,
  output: doneOf(Volume),
  raises: writeRaises,
  resource: (at) => entityOf(at, "volumes"),
  async run(ctx, at) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const before = await mustFindVolume(kube, at);
    mustExpand(before);
    mustBeDetached(before);
    const { commandId, queued } = await kube.ask(
      "POST",
      stevePath("persistentvolumeclaims", at.namespace, at.name),
      {},
      { query: { action: "cancelExpand" } },
    );
    const object = await kube.find(volumePath(at));
    const read = (claim: KubeObject) => readVolume(claim, noFacts);
    return settle(ctx, entityOf(at, "volumes"), { commandId, queued, object }, read, before);
  },
});

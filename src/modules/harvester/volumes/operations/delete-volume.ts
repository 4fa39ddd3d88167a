import { defineOperation } from "../../../../kernel/operation.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, NamedRef } from "../../words.ts";
import { mustFindVolume, volumePath } from "../find-volume.ts";
import { mustBeDetached } from "../volume.rules.ts";

export const deleteVolume = defineOperation({
  action: "harvester.volume.delete",
  effect: "write",
  scope: "clusters:write",
  summary: "Delete a volume and what is on it; refused while a virtual machine has it as a disk",
  input: NamedRef,
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, "volumes"),
  async run(ctx, at) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const before = await mustFindVolume(kube, at);
    mustBeDetached(before);
    const done = await kube.remove(volumePath(at));
    return settleBare(ctx, entityOf(at, "volumes"), done, { before });
  },
});

import { defineOperation } from "../../../../kernel/operation.ts";
import { stevePath } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { volumePath } from "../find-volume.ts";
import { noFacts, readVolume } from "../read-volume.rules.ts";
import { CloneVolume, Volume } from "../schemas.ts";

export const cloneVolume = defineOperation({
  action: "harvester.volume.clone",
  effect: "write",
  scope: "clusters:write",
  summary: "Copy a volume into a new one of the same namespace",
  input: CloneVolume,
  output: doneOf(Volume),
  raises: writeRaises,
  resource: ({ id, namespace, newName }) => entityOf({ id, namespace, name: newName }, "volumes"),
  async run(ctx, { newName, ...at }) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const { commandId, queued } = await kube.ask(
      "POST",
      stevePath("persistentvolumeclaims", at.namespace, at.name),
      { name: newName },
      { query: { action: "clone" }, pointers: { name: "/newName" } },
    );
    const object = await kube.find(volumePath({ namespace: at.namespace, name: newName }));
    return settle(ctx, entityOf(at, "volumes", newName), { commandId, queued, object }, (claim) =>
      readVolume(claim, noFacts),
    );
  },
});

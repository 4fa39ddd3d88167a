import { defineOperation } from "../../../../kernel/operation.ts";
import { stevePath } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { volumePath } from "../find-volume.ts";
import { noFacts, readVolume } from "../read-volume.rules.ts";
import { RestoreVolumeSnapshot, Volume } from "../schemas.ts";

export const restoreVolumeSnapshot = defineOperation({
  action: "harvester.volume_snapshot.restore",
  effect: "write",
  scope: "clusters:write",
  summary: "Make a new volume from a snapshot",
  input: RestoreVolumeSnapshot,
  output: doneOf(Volume),
  raises: writeRaises,
  resource: ({ id, namespace, newName }) => entityOf({ id, namespace, name: newName }, "volumes"),
  async run(ctx, { newName, storageClass, ...at }) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const { commandId, queued } = await kube.ask(
      "POST",
      stevePath("snapshot.storage.k8s.io.volumesnapshots", at.namespace, at.name),
      { name: newName, ...(storageClass === undefined ? {} : { storageClassName: storageClass }) },
      { query: { action: "restore" }, pointers: { name: "/newName", storageClassName: "/storageClass" } },
    );
    const object = await kube.find(volumePath({ namespace: at.namespace, name: newName }));
    return settle(ctx, entityOf(at, "volumes", newName), { commandId, queued, object }, (claim) =>
      readVolume(claim, noFacts),
    );
  },
});

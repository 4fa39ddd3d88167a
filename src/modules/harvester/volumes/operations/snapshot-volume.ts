import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf, stevePath } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleFollowed } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { readVolumeSnapshot } from "../read-volume.rules.ts";
import { SnapshotVolume, VolumeSnapshot } from "../schemas.ts";

export const snapshotVolume = defineOperation({
  action: "harvester.volume.snapshot",
  effect: "write",
  scope: "clusters:write",
  summary: "Take a snapshot of a volume",
  input: SnapshotVolume,
  output: doneOf(VolumeSnapshot),
  raises: writeRaises,
  resource: ({ id, namespace, snapshotName }) =>
    entityOf({ id, namespace, name: snapshotName }, "volume-snapshots"),
  async run(ctx, { snapshotName, ...at }) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const { commandId, queued } = await kube.ask(
      "POST",
      stevePath("persistentvolumeclaims", at.namespace, at.name),
      { name: snapshotName },
      { query: { action: "snapshot" }, pointers: { name: "/snapshotName" } },
    );
    const object = await kube.find(
      pathOf("snapshot", "volumesnapshots", { namespace: at.namespace, name: snapshotName }),
    );
    const { id: clusterId, namespace } = at;
    return settleFollowed(
      ctx,
      entityOf(at, "volume-snapshots", snapshotName),
      { commandId, queued, object },
      readVolumeSnapshot,
      { kind: "volume.snapshot", clusterId, namespace, name: snapshotName },
    );
  },
});

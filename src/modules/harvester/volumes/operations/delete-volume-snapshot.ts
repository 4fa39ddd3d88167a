import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, NamedRef } from "../../words.ts";
import { readVolumeSnapshot } from "../read-volume.rules.ts";

export const deleteVolumeSnapshot = defineOperation({
  action: "harvester.volume_snapshot.delete",
  effect: "write",
  scope: "clusters:write",
  summary: "Delete a snapshot of a volume",
  input: NamedRef,
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, "volume-snapshots"),
  async run(ctx, at) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const path = pathOf("snapshot", "volumesnapshots", at);
    const before = readVolumeSnapshot(await kube.get(path));
    return settleBare(ctx, entityOf(at, "volume-snapshots"), await kube.remove(path), { before });
  },
});

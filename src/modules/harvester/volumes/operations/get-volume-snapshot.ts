import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { readRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { NamedRef } from "../../words.ts";
import { readVolumeSnapshot } from "../read-volume.rules.ts";
import { VolumeSnapshot } from "../schemas.ts";

export const getVolumeSnapshot = defineOperation({
  action: "harvester.volume_snapshot.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Show a snapshot of a volume",
  input: NamedRef,
  output: VolumeSnapshot,
  raises: readRaises,
  async run(ctx, { id, namespace, name }) {
    const kube = await openNamespace(ctx, id, namespace);
    return readVolumeSnapshot(await kube.get(pathOf("snapshot", "volumesnapshots", { namespace, name })));
  },
});

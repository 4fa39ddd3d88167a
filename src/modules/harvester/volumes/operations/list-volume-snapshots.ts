import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { NamespacedList } from "../../words.ts";
import { readVolumeSnapshot } from "../read-volume.rules.ts";
import { VolumeSnapshot } from "../schemas.ts";

export const listVolumeSnapshots = defineOperation({
  action: "harvester.volume_snapshot.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List snapshots of volumes",
  input: NamespacedList,
  output: pageOf(VolumeSnapshot),
  raises: readRaises,
  async run(ctx, input) {
    const page = await listObjects(ctx, input, { group: "snapshot", plural: "volumesnapshots" });
    return { ...page, items: page.items.map(readVolumeSnapshot) };
  },
});

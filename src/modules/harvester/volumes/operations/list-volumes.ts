import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { kubeOf } from "../../kube/kube.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { NamespacedList } from "../../words.ts";
import { volumeFactsOf } from "../find-volume.ts";
import { readVolume } from "../read-volume.rules.ts";
import { Volume } from "../schemas.ts";

export const listVolumes = defineOperation({
  action: "harvester.volume.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List the volumes of a cluster, of one namespace or of all that the caller reaches",
  input: NamespacedList,
  output: pageOf(Volume),
  raises: readRaises,
  async run(ctx, input) {
    const page = await listObjects(ctx, input, { group: "core", plural: "persistentvolumeclaims" });
    const facts = await volumeFactsOf(kubeOf(ctx, input.id), page.items);
    return { ...page, items: page.items.map((claim) => readVolume(claim, facts)) };
  },
});

import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { ClusterList } from "../../words.ts";
import { Setting } from "../schemas.ts";
import { readSetting } from "../setting.rules.ts";

export const listSettings = defineOperation({
  action: "harvester.setting.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List the settings of a cluster, with what a change of each does",
  input: ClusterList,
  output: pageOf(Setting),
  raises: readRaises,
  async run(ctx, input) {
    await openWholeCluster(ctx, input.id);
    const kind = { group: "harvester", plural: "settings", ofCluster: true } as const;
    const page = await listObjects(ctx, input, kind);
    return { ...page, items: page.items.map(readSetting) };
  },
});

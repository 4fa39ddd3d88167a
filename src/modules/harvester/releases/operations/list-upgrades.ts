import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { ClusterList } from "../../words.ts";
import { readUpgrade } from "../read-releases.rules.ts";
import { Upgrade } from "../schemas.ts";

export const listUpgrades = defineOperation({
  action: "harvester.upgrade.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List the upgrades of a cluster, with how far each host is",
  input: ClusterList,
  output: pageOf(Upgrade),
  raises: readRaises,
  async run(ctx, input) {
    await openWholeCluster(ctx, input.id);
    const kind = { group: "harvester", plural: "upgrades", ofCluster: true } as const;
    const page = await listObjects(ctx, input, kind);
    return { ...page, items: page.items.map(readUpgrade) };
  },
});

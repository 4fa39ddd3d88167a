import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { ClusterList } from "../../words.ts";
import { readAddon } from "../addon.rules.ts";
import { Addon } from "../schemas.ts";

export const listAddons = defineOperation({
  action: "harvester.addon.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List the add-ons of a cluster: monitoring, logging, devices and others",
  input: ClusterList,
  output: pageOf(Addon),
  raises: readRaises,
  async run(ctx, input) {
    await openWholeCluster(ctx, input.id);
    const kind = { group: "harvester", plural: "addons", ofCluster: true } as const;
    const page = await listObjects(ctx, input, kind);
    return { ...page, items: page.items.map(readAddon) };
  },
});

import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { ClusterList } from "../../words.ts";
import { hostOf } from "../read-host.rules.ts";
import { Host } from "../schemas.ts";

export const listHosts = defineOperation({
  action: "harvester.host.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List the hosts of a cluster with their roles, state and capacity",
  input: ClusterList,
  output: pageOf(Host),
  raises: readRaises,
  resource: ({ id }) => `cluster:${id}`,
  async run(ctx, query) {
    const page = await listObjects(ctx, query, { group: "core", plural: "nodes", ofCluster: true });
    return { ...page, items: page.items.map(hostOf) };
  },
});

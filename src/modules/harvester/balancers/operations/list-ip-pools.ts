import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { reachableNamespaces } from "../../../clusters/index.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { ClusterList } from "../../words.ts";
import { readIpPool } from "../read-balancers.rules.ts";
import { IpPool } from "../schemas.ts";

export const listIpPools = defineOperation({
  action: "harvester.ip_pool.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List the pools that load balancers take addresses from",
  input: ClusterList,
  output: pageOf(IpPool),
  raises: readRaises,
  async run(ctx, input) {
    const kind = { group: "balancing", plural: "ippools", ofCluster: true } as const;
    const reached = await reachableNamespaces(ctx, input.id);
    const page = await listObjects(ctx, input, kind);
    return { ...page, items: page.items.map((pool) => readIpPool(pool, reached)) };
  },
});

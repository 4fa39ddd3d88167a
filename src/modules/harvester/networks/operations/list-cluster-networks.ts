import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { ClusterList } from "../../words.ts";
import { readClusterNetwork } from "../read-networks.rules.ts";
import { ClusterNetwork } from "../schemas.ts";

export const listClusterNetworks = defineOperation({
  action: "harvester.cluster_network.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List the physical networks of a cluster",
  input: ClusterList,
  output: pageOf(ClusterNetwork),
  raises: readRaises,
  async run(ctx, input) {
    const kind = { group: "network", plural: "clusternetworks", ofCluster: true } as const;
    const page = await listObjects(ctx, input, kind);
    return { ...page, items: page.items.map(readClusterNetwork) };
  },
});

import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { ClusterList } from "../../words.ts";
import { readVlanConfig } from "../read-networks.rules.ts";
import { VlanConfig } from "../schemas.ts";

export const listVlanConfigs = defineOperation({
  action: "harvester.vlan_config.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List how the hosts' network cards carry the networks of a cluster",
  input: ClusterList,
  output: pageOf(VlanConfig),
  raises: readRaises,
  async run(ctx, input) {
    const kind = { group: "network", plural: "vlanconfigs", ofCluster: true } as const;
    const page = await listObjects(ctx, input, kind);
    return { ...page, items: page.items.map(readVlanConfig) };
  },
});

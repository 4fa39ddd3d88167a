import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, ClusterNamedRef } from "../../words.ts";
import { readVlanConfig } from "../read-networks.rules.ts";

export const deleteVlanConfig = defineOperation({
  action: "harvester.vlan_config.delete",
  effect: "write",
  scope: "clusters:admin",
  summary: "Take a network off the network cards of hosts",
  input: ClusterNamedRef,
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, "vlan-configs"),
  async run(ctx, at) {
    const kube = await openWholeCluster(ctx, at.id);
    const path = pathOf("network", "vlanconfigs", { name: at.name });
    const before = readVlanConfig(await kube.get(path));
    return settleBare(ctx, entityOf(at, "vlan-configs"), await kube.remove(path), { before });
  },
});

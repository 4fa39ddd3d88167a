import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, ClusterNamedRef } from "../../words.ts";
import { readClusterNetwork } from "../read-networks.rules.ts";

export const deleteClusterNetwork = defineOperation({
  action: "harvester.cluster_network.delete",
  effect: "write",
  scope: "clusters:admin",
  summary: "Delete a physical network that nothing is on any more",
  input: ClusterNamedRef,
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, "cluster-networks"),
  async run(ctx, at) {
    const kube = await openWholeCluster(ctx, at.id);
    const path = pathOf("network", "clusternetworks", { name: at.name });
    const before = readClusterNetwork(await kube.get(path));
    return settleBare(ctx, entityOf(at, "cluster-networks"), await kube.remove(path), { before });
  },
});

import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, ClusterNamedRef } from "../../words.ts";
import { loggingNamespace } from "../logging.rules.ts";
import { readLogFlow } from "../read-logging.rules.ts";

export const deleteClusterLogFlow = defineOperation({
  action: "harvester.cluster_log_flow.delete",
  effect: "write",
  scope: "clusters:admin",
  summary: "Send the logs of a flow of the whole cluster nowhere any more",
  input: ClusterNamedRef,
  output: Accepted,
  raises: writeRaises,
  resource: (asked) => entityOf(asked, "cluster-log-flows"),
  async run(ctx, asked) {
    const kube = await openWholeCluster(ctx, asked.id);
    const path = pathOf("logging", "clusterflows", { namespace: loggingNamespace, name: asked.name });
    const before = readLogFlow(await kube.get(path));
    return settleBare(ctx, entityOf(asked, "cluster-log-flows"), await kube.remove(path), { before });
  },
});

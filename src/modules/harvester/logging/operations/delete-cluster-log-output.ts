import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, ClusterNamedRef } from "../../words.ts";
import { loggingNamespace } from "../logging.rules.ts";
import { readLogOutput } from "../read-logging.rules.ts";

export const deleteClusterLogOutput = defineOperation({
  action: "harvester.cluster_log_output.delete",
  effect: "write",
  scope: "clusters:admin",
  summary: "Delete a place that logs of the whole cluster could go to",
  input: ClusterNamedRef,
  output: Accepted,
  raises: writeRaises,
  resource: (asked) => entityOf(asked, "cluster-log-outputs"),
  async run(ctx, asked) {
    const kube = await openWholeCluster(ctx, asked.id);
    const path = pathOf("logging", "clusteroutputs", { namespace: loggingNamespace, name: asked.name });
    const before = readLogOutput(await kube.get(path));
    return settleBare(ctx, entityOf(asked, "cluster-log-outputs"), await kube.remove(path), { before });
  },
});

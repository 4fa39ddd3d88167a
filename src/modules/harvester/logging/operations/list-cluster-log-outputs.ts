import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { ClusterList } from "../../words.ts";
import { loggingNamespace } from "../logging.rules.ts";
import { readLogOutput } from "../read-logging.rules.ts";
import { LogOutput } from "../schemas.ts";

export const listClusterLogOutputs = defineOperation({
  action: "harvester.cluster_log_output.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List where logs of the whole cluster can go",
  input: ClusterList,
  output: pageOf(LogOutput),
  raises: readRaises,
  async run(ctx, input) {
    await openWholeCluster(ctx, input.id);
    const query = { ...input, namespace: loggingNamespace };
    const page = await listObjects(ctx, query, { group: "logging", plural: "clusteroutputs" });
    const items = page.items.map((object) => readLogOutput({ kind: "ClusterOutput", ...object }));
    return { ...page, items };
  },
});

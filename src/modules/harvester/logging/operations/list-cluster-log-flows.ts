import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { ClusterList } from "../../words.ts";
import { loggingNamespace } from "../logging.rules.ts";
import { readLogFlow } from "../read-logging.rules.ts";
import { LogFlow } from "../schemas.ts";

export const listClusterLogFlows = defineOperation({
  action: "harvester.cluster_log_flow.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List which logs of the whole cluster go where",
  input: ClusterList,
  output: pageOf(LogFlow),
  raises: readRaises,
  async run(ctx, input) {
    await openWholeCluster(ctx, input.id);
    const query = { ...input, namespace: loggingNamespace };
    const page = await listObjects(ctx, query, { group: "logging", plural: "clusterflows" });
    const items = page.items.map((object) => readLogFlow({ kind: "ClusterFlow", ...object }));
    return { ...page, items };
  },
});

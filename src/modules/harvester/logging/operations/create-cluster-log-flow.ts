import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { flowOf, loggingNamespace } from "../logging.rules.ts";
import { readLogFlow } from "../read-logging.rules.ts";
import { CreateClusterLogFlow, LogFlow } from "../schemas.ts";

export const createClusterLogFlow = defineOperation({
  action: "harvester.cluster_log_flow.create",
  effect: "write",
  scope: "clusters:admin",
  summary: "Send logs of the whole cluster to outputs",
  input: CreateClusterLogFlow,
  output: doneOf(LogFlow),
  raises: writeRaises,
  resource: ({ id, name }) => entityOf({ id, name }, "cluster-log-flows"),
  async run(ctx, asked) {
    const kube = await openWholeCluster(ctx, asked.id);
    const namespace = loggingNamespace;
    const object = flowOf("ClusterFlow", namespace, asked);
    const done = await kube.create(pathOf("logging", "clusterflows", { namespace }), object, {
      pointers: { "spec.match": "/match", "spec.globalOutputRefs": "/clusterOutputs", metadata: "/name" },
    });
    return settle(ctx, entityOf(asked, "cluster-log-flows"), done, readLogFlow);
  },
});

import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { loggingNamespace, outputOf } from "../logging.rules.ts";
import { readLogOutput } from "../read-logging.rules.ts";
import { CreateClusterLogOutput, LogOutput } from "../schemas.ts";

export const createClusterLogOutput = defineOperation({
  action: "harvester.cluster_log_output.create",
  effect: "write",
  scope: "clusters:admin",
  summary: "Make a place that logs of the whole cluster can go to; its keys stand in a Secret of the cluster",
  input: CreateClusterLogOutput,
  output: doneOf(LogOutput),
  raises: writeRaises,
  resource: ({ id, name }) => entityOf({ id, name }, "cluster-log-outputs"),
  async run(ctx, asked) {
    const kube = await openWholeCluster(ctx, asked.id);
    const namespace = loggingNamespace;
    const object = outputOf("ClusterOutput", namespace, asked);
    const done = await kube.create(pathOf("logging", "clusteroutputs", { namespace }), object, {
      pointers: { spec: "/destination", metadata: "/name" },
    });
    return settle(ctx, entityOf(asked, "cluster-log-outputs"), done, readLogOutput);
  },
});

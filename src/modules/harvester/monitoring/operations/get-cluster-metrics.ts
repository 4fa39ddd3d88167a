import { defineOperation } from "../../../../kernel/operation.ts";
import { readRaises } from "../../raises.ts";
import { openCluster } from "../../reach.ts";
import { spanOf } from "../period.rules.ts";
import { clusterQueries } from "../queries.rules.ts";
import { reportMetrics } from "../report-metrics.ts";
import { ClusterMetricsQuery, MetricReport } from "../schemas.ts";

export const getClusterMetrics = defineOperation({
  action: "harvester.metrics.cluster",
  effect: "read",
  scope: "clusters:read",
  summary: "Show processors, memory, network, disks and volumes of a cluster, now or over a period",
  input: ClusterMetricsQuery,
  output: MetricReport,
  raises: [...readRaises, "conflict", "invalid_input"],
  async run(ctx, { id, ...period }) {
    const span = spanOf(period, ctx.now);
    return reportMetrics(await openCluster(ctx, id), clusterQueries(), span);
  },
});

import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { readRaises } from "../../raises.ts";
import { openCluster } from "../../reach.ts";
import { spanOf } from "../period.rules.ts";
import { hostQueries } from "../queries.rules.ts";
import { reportMetrics } from "../report-metrics.ts";
import { HostMetricsQuery, MetricReport } from "../schemas.ts";

export const getHostMetrics = defineOperation({
  action: "harvester.metrics.host",
  effect: "read",
  scope: "clusters:read",
  summary: "Show processors, memory, network and disks of a host, now or over a period",
  input: HostMetricsQuery,
  output: MetricReport,
  raises: [...readRaises, "conflict", "invalid_input"],
  async run(ctx, { id, name, ...period }) {
    const span = spanOf(period, ctx.now);
    const kube = await openCluster(ctx, id);
    await kube.get(pathOf("core", "nodes", { name }));
    return reportMetrics(kube, hostQueries(name), span);
  },
});

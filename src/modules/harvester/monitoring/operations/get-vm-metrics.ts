import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { readRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { spanOf } from "../period.rules.ts";
import { vmQueries } from "../queries.rules.ts";
import { reportMetrics } from "../report-metrics.ts";
import { MetricReport, VmMetricsQuery } from "../schemas.ts";

export const getVmMetrics = defineOperation({
  action: "harvester.metrics.machine",
  effect: "read",
  scope: "clusters:read",
  summary: "Show processors, memory, network and disks of a virtual machine, now or over a period",
  input: VmMetricsQuery,
  output: MetricReport,
  raises: [...readRaises, "conflict", "invalid_input"],
  async run(ctx, { id, namespace, name, ...period }) {
    const span = spanOf(period, ctx.now);
    const kube = await openNamespace(ctx, id, namespace);
    await kube.get(pathOf("kubevirt", "virtualmachines", { namespace, name }));
    return reportMetrics(kube, vmQueries(namespace, name), span);
  },
});

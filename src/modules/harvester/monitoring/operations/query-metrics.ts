import { defineOperation } from "../../../../kernel/operation.ts";
import { readRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { askPrometheus } from "../ask-prometheus.ts";
import { spanOf, toldSpan } from "../period.rules.ts";
import { readSeries } from "../read-series.rules.ts";
import { PromQuery, QueryResult } from "../schemas.ts";

const mostSeries = 500;

export const queryMetrics = defineOperation({
  action: "harvester.metrics.query",
  effect: "read",
  scope: "clusters:read",
  summary: "Ask the cluster's Prometheus a query of one's own; for callers who reach the whole cluster",
  input: PromQuery,
  output: QueryResult,
  raises: [...readRaises, "conflict", "invalid_input"],
  async run(ctx, { id, query, ...period }) {
    const span = spanOf(period, ctx.now);
    const kube = await openWholeCluster(ctx, id);
    const answer = await askPrometheus(kube, query, span);
    return { ...toldSpan(span), ...readSeries(answer, span, mostSeries) };
  },
});

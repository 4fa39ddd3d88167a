import type * as z from "zod";
import type { Kube } from "../kube/kube.ts";
import { askPrometheus } from "./ask-prometheus.ts";
import { type Span, toldSpan } from "./period.rules.ts";
import type { PanelQuery } from "./queries.rules.ts";
import { readSeries } from "./read-series.rules.ts";
import type { MetricReport } from "./schemas.ts";

const mostSeries = 200;

/** Asks for all panels at once. */
export async function reportMetrics(
  kube: Kube,
  queries: readonly PanelQuery[],
  span: Span,
): Promise<z.infer<typeof MetricReport>> {
  const panels = await Promise.all(
    queries.map(async ({ name, unit, query }) => ({
      name,
      unit,
      series: readSeries(await askPrometheus(kube, query, span), span, mostSeries).series,
    })),
  );
  return { ...toldSpan(span), panels };
}

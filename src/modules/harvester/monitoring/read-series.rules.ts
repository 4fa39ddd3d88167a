import type * as z from "zod";
import { fieldAt, listAt, metaOf, textAt, textMapAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import type { Span } from "./period.rules.ts";
import type { AlertmanagerConfig, MetricSeries } from "./schemas.ts";

type Series = z.infer<typeof MetricSeries>;

/** The series of an answer of Prometheus' query API: scalar, vector or matrix; `cut` when there were more than `most`. */
export function readSeries(
  answer: unknown,
  span: Span,
  most: number,
): { readonly series: Series[]; readonly cut: boolean } {
  const type = textAt(answer, "data", "resultType");
  const result = fieldAt(answer, "data", "result");
  if (type === "scalar" || type === "string") {
    return { series: [{ labels: {}, values: [measured(listAt({ result }, "result")[1])] }], cut: false };
  }
  const all = listAt({ result }, "result");
  return { series: all.slice(0, most).map((one) => seriesOf(one, span)), cut: all.length > most };
}

function seriesOf(one: unknown, { from, to, stepSeconds }: Span): Series {
  const labels = textMapAt(one, "metric");
  const single = listAt(one, "value");
  if (single.length > 0 || stepSeconds === 0) {
    const last = listAt(one, "values").at(-1);
    return { labels, values: [measured(single[1] ?? listAt({ last }, "last")[1])] };
  }
  const values = new Array<number | null>(Math.floor((to - from) / stepSeconds) + 1).fill(null);
  for (const point of listAt(one, "values")) {
    const [at, value] = Array.isArray(point) ? point : [];
    const index = Math.round((Number(at) - from) / stepSeconds);
    if (index >= 0 && index < values.length) values[index] = measured(value);
  }
  return { labels, values };
}

/** Prometheus writes numbers as texts; NaN and infinities are no values here. */
function measured(text: unknown): number | null {
  const value = typeof text === "string" && text !== "" ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}

/** Who is told of alerts, without the addresses and keys by which they are. */
export function readAlertmanagerConfig(config: KubeObject): AlertmanagerConfig {
  return {
    namespace: config.metadata.namespace ?? "",
    ...metaOf(config),
    receiver: textAt(config, "spec", "route", "receiver"),
    receivers: listAt(config, "spec", "receivers").map((one) => ({
      name: textAt(one, "name") ?? "",
      kinds: Object.entries(Object(one))
        .filter(([field, told]) => field.endsWith("Configs") && Array.isArray(told) && told.length > 0)
        .map(([field]) => field.slice(0, -"Configs".length)),
    })),
  };
}

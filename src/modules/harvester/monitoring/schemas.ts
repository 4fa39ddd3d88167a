import * as z from "zod";
import { ClusterField, NamedField, ObjectName } from "../words.ts";

export const MetricSeries = z.strictObject({
  labels: z.record(z.string(), z.string()),
  /** One for each step from the report's beginning; null where nothing was measured. */
  values: z.array(z.number().nullable()),
});

export const MetricPanel = z.strictObject({
  name: z.string(),
  /** `ratio` is 0 to 1. */
  unit: z.enum([
    "ratio",
    "bytes",
    "bytes_per_second",
    "bits_per_second",
    "operations_per_second",
    "seconds",
    "count",
  ]),
  series: z.array(MetricSeries),
});
export type MetricPanel = z.infer<typeof MetricPanel>;

export const MetricReport = z
  .strictObject({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    /** 0 for one instant. */
    stepMs: z.number(),
    panels: z.array(MetricPanel),
  })
  .meta({ id: "ClusterMetricReport" });

const period = {
  /** The beginning of a period; without it, what holds now. */
  from: z.iso.datetime().optional(),
  /** Its end; now when absent. */
  to: z.iso.datetime().optional(),
  /** Seconds between values; 300 values over the period when absent. */
  stepSeconds: z.coerce.number().int().min(5).max(86_400).optional(),
};
export type Period = {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly stepSeconds?: number | undefined;
};

export const ClusterMetricsQuery = z.strictObject({ ...ClusterField, ...period });
export const HostMetricsQuery = z.strictObject({ ...ClusterField, name: ObjectName, ...period });
export const VmMetricsQuery = z.strictObject({ ...NamedField, ...period });
export const PromQuery = z.strictObject({
  ...ClusterField,
  query: z.string().min(1).max(4000),
  ...period,
});

export const QueryResult = z
  .strictObject({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    stepMs: z.number(),
    series: z.array(MetricSeries),
    /** There were more series than are given. */
    cut: z.boolean(),
  })
  .meta({ id: "ClusterQueryResult" });

export const AlertmanagerConfig = z
  .strictObject({
    namespace: z.string(),
    name: z.string(),
    /** Who is told when no other route fits. */
    receiver: z.string().nullable(),
    receivers: z.array(z.strictObject({ name: z.string(), kinds: z.array(z.string()) })),
    labels: z.record(z.string(), z.string()),
    createdAt: z.iso.datetime().nullable(),
    resourceVersion: z.string(),
  })
  .meta({ id: "ClusterAlertmanagerConfig" });
export type AlertmanagerConfig = z.infer<typeof AlertmanagerConfig>;

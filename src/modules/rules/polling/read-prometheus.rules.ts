import * as z from "zod";
import type { SampleRow } from "../engine/samples-step.ts";
import { type Reading, readingOf, unreadable } from "./reading.ts";

const point = z.tuple([z.number(), z.string()]);
const words = z.array(z.string()).optional();
const answer = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("success"),
    data: z.object({ resultType: z.string(), result: z.unknown() }),
    warnings: words,
    infos: words,
  }),
  z.object({ status: z.literal("error"), errorType: z.string().optional(), error: z.string().optional() }),
]);
const series = z.array(
  z.object({ metric: z.record(z.string(), z.string()).default({}), value: point.optional() }),
);

/**
 * Reads the answer of Prometheus' `/api/v1/query` (prometheus.io/docs/prometheus/latest/querying/api): an instant vector
 * is one sample a series without `__name__`, a scalar is one sample. `at` is the time of the poll; a sample that is
 * `lookbackMs` old, or older, is absent. NaN is no value. Warnings are kept.
 */
export function readPrometheus(body: unknown, at: number, lookbackMs: number): Reading {
  const parsed = answer.safeParse(body);
  if (!parsed.success) return unreadable("The answer is not one of Prometheus' query API.");
  if (parsed.data.status === "error") {
    const { errorType, error } = parsed.data;
    return unreadable(`The query failed: ${errorType ?? "error"}: ${error ?? "no detail"}`);
  }
  const { data, warnings = [], infos = [] } = parsed.data;
  const said = [...warnings, ...infos];
  const recent = (seconds: number) => at - seconds * 1000 < lookbackMs;
  if (data.resultType === "scalar") {
    const scalar = point.safeParse(data.result);
    if (!scalar.success) return unreadable("The scalar of the answer can't be read.");
    const [seconds, text] = scalar.data;
    return readingOf(recent(seconds) ? [{ labels: {}, value: numberOf(text) }] : [], said);
  }
  if (data.resultType !== "vector")
    return unreadable(`The query answers a ${data.resultType}; write one that answers a vector or a scalar.`);
  const vector = series.safeParse(data.result);
  if (!vector.success) return unreadable("The series of the answer can't be read.");
  const rows: SampleRow[] = [];
  let histograms = 0;
  for (const { metric, value } of vector.data) {
    const { __name__: _, ...labels } = metric;
    if (value === undefined) {
      histograms += 1;
      rows.push({ labels, value: null });
    } else if (recent(value[0])) rows.push({ labels, value: numberOf(value[1]) });
  }
  const odd = histograms > 0 ? [`${histograms} series are histograms; they have no value.`] : [];
  return readingOf(rows, [...said, ...odd]);
}

/** A sample's value as Prometheus writes it; NaN, and what is no number, is null. */
function numberOf(text: string): number | null {
  if (text === "+Inf" || text === "Inf") return Number.POSITIVE_INFINITY;
  if (text === "-Inf") return Number.NEGATIVE_INFINITY;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isNaN(value) ? null : value;
}

import {
  type MetricShape,
  mergeSeries,
  recordedLabels,
  type Series,
  seriesKey,
} from "../../kernel/series.ts";

export interface ExpositionOptions {
  /** What stands for `maru` in the names of metrics. */
  readonly prefix: string;
  /** Only the series of this tenant. */
  readonly tenantId?: string;
}

const canonicalPrefix = "maru_";
const tenantLabel = "tenant_id";

/** The name under which a metric is served. */
function servedName(name: string, prefix: string): string {
  return `${prefix}_${name.slice(canonicalPrefix.length)}`;
}

/**
 * The text format of Prometheus (prometheus.io/docs/instrumenting/exposition_formats, version 0.0.4): the series of all
 * shards merged, in the order of the catalogue and then of their labels.
 */
export function writeExposition(
  shapes: readonly MetricShape[],
  series: readonly Series[],
  options: ExpositionOptions,
): string {
  const byName = Map.groupBy(series, ({ name }) => name);
  return shapes
    .map((shape) => {
      const merged = servedSeries(shape, byName.get(shape.name) ?? [], options.tenantId);
      return merged.length === 0 ? "" : family(shape, merged, servedName(shape.name, options.prefix));
    })
    .join("");
}

function servedSeries(shape: MetricShape, series: readonly Series[], tenantId: string | undefined): Series[] {
  const place = recordedLabels(shape).indexOf(tenantLabel);
  const whole = new Map<string, Series>();
  for (const one of series) {
    if (one.labels.length !== recordedLabels(shape).length) continue;
    if (tenantId !== undefined && (place === -1 || one.labels[place] !== tenantId)) continue;
    const key = seriesKey(one);
    whole.set(key, mergeSeries(shape, whole.get(key), one));
  }
  const served = shape.partition === undefined ? [...whole.values()] : withoutPartition([...whole.values()]);
  return served.sort((a, b) => (seriesKey(a) < seriesKey(b) ? -1 : 1));
}

function withoutPartition(series: readonly Series[]): Series[] {
  const sums = new Map<string, Series>();
  for (const { name, labels, value } of series) {
    const summed = { name, labels: labels.slice(0, -1), value };
    const key = seriesKey(summed);
    sums.set(key, { ...summed, value: value + (sums.get(key)?.value ?? 0) });
  }
  return [...sums.values()];
}

function family(shape: MetricShape, series: readonly Series[], name: string): string {
  const lines = [`# HELP ${name} ${escapeHelp(shape.help)}`, `# TYPE ${name} ${shape.type}`];
  for (const one of series) {
    const labels = shape.labels.map((label, i) => pair(label, one.labels[i] ?? ""));
    if (shape.type === "histogram") lines.push(...histogram(name, labels, one, shape.buckets ?? []));
    else lines.push(sample(name, labels, one.value));
  }
  return `${lines.join("\n")}\n`;
}

function histogram(name: string, labels: string[], series: Series, buckets: readonly number[]): string[] {
  let total = 0;
  const lines = [...buckets, Number.POSITIVE_INFINITY].map((bound, i) => {
    total += series.counts?.[i] ?? 0;
    return sample(`${name}_bucket`, [...labels, pair("le", number(bound))], total);
  });
  return [...lines, sample(`${name}_sum`, labels, series.value), sample(`${name}_count`, labels, total)];
}

const sample = (name: string, labels: readonly string[], value: number): string =>
  `${name}${labels.length > 0 ? `{${labels.join(",")}}` : ""} ${number(value)}`;

const pair = (name: string, value: string): string =>
  `${name}="${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;

const escapeHelp = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");

function number(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  return value === Number.NEGATIVE_INFINITY ? "-Inf" : String(value);
}

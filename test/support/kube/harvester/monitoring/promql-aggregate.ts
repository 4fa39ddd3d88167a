import type { Grouping } from "./promql-parser.ts";
import { ExecutionError, type Labels, type Sample, type Value, withoutName } from "./promql-values.ts";

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const mean = (values: readonly number[]) => total(values) / values.length;

const folds: Readonly<Record<string, (values: readonly number[]) => number>> = {
  sum: total,
  avg: mean,
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  count: (values) => values.length,
  group: () => 1,
  stddev: (values) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2))),
};

function groupLabels(labels: Labels, grouping: Grouping | undefined): Labels {
  if (grouping === undefined) return {};
  const named = new Set(grouping.labels);
  const kept = Object.entries(withoutName(labels)).filter(([label]) => named.has(label) !== grouping.without);
  return Object.fromEntries(kept);
}

/** The same text for the same labels, whatever their order. */
export function labelsKey(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function groups(
  samples: readonly Sample[],
  grouping: Grouping | undefined,
): { labels: Labels; members: Sample[] }[] {
  const found = new Map<string, { labels: Labels; members: Sample[] }>();
  for (const sample of samples) {
    const labels = groupLabels(sample.labels, grouping);
    const key = labelsKey(labels);
    const group = found.get(key) ?? { labels, members: [] };
    found.set(key, group);
    group.members.push(sample);
  }
  return [...found.values()];
}

/** The value below which so large a part of the values lies, between neighbours in proportion. */
export function quantile(part: number, values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.length === 0 || Number.isNaN(part)) return Number.NaN;
  if (part < 0) return Number.NEGATIVE_INFINITY;
  if (part > 1) return Number.POSITIVE_INFINITY;
  const rank = part * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? Number.NaN;
  const high = sorted[Math.ceil(rank)] ?? low;
  return low + (high - low) * (rank - Math.floor(rank));
}

/** `sum`, `avg`, `topk`, … over a vector. @throws ExecutionError */
export function aggregate(name: string, grouping: Grouping | undefined, args: readonly Value[]): Value {
  const vector = args.at(-1);
  if (vector?.type !== "vector")
    throw new ExecutionError(
      `expected type instant vector in aggregation expression, got ${vector?.type ?? "nothing"}`,
    );
  const first = args.length > 1 ? args[0] : undefined;
  const parameter = first?.type === "scalar" ? first.value : undefined;
  const found = groups(vector.samples, grouping);
  const fold = folds[name];
  if (fold !== undefined)
    return {
      type: "vector",
      samples: found.map(({ labels, members }) => ({
        labels,
        value: fold(members.map(({ value }) => value)),
      })),
    };
  if (parameter === undefined)
    throw new ExecutionError(`expected type scalar in aggregation parameter of ${name}`);
  if (name === "quantile")
    return {
      type: "vector",
      samples: found.map(({ labels, members }) => ({
        labels,
        value: quantile(
          parameter,
          members.map(({ value }) => value),
        ),
      })),
    };
  const order = name === "topk" ? -1 : 1;
  const samples = found.flatMap(({ members }) =>
    members.toSorted((a, b) => order * (a.value - b.value)).slice(0, Math.max(0, Math.floor(parameter))),
  );
  return { type: "vector", samples };
}

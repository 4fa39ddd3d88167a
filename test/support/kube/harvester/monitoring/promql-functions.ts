import { quantile } from "./promql-aggregate.ts";
import { ExecutionError, type RangeSample, type Sample, type Value, withoutName } from "./promql-values.ts";

/** How often the simulated Prometheus looks, in milliseconds. */
const scrapeMs = 15_000;

type Call = (args: readonly Value[], atMs: number) => Value;

function rangesOf(value: Value | undefined): readonly RangeSample[] {
  if (value?.type !== "matrix")
    throw new ExecutionError(`expected type range vector in call, got ${value?.type ?? "nothing"}`);
  return value.ranges;
}

function samplesOf(value: Value | undefined): readonly Sample[] {
  if (value?.type !== "vector")
    throw new ExecutionError(`expected type instant vector in call, got ${value?.type ?? "nothing"}`);
  return value.samples;
}

function scalarOf(value: Value | undefined): number {
  if (value?.type !== "scalar")
    throw new ExecutionError(`expected type scalar in call, got ${value?.type ?? "nothing"}`);
  return value.value;
}

interface Point {
  readonly ms: number;
  readonly value: number;
}

/** The samples of a range, on the grid of the scrapes. */
function pointsOf({ series, fromMs, toMs }: RangeSample): Point[] {
  const points: Point[] = [];
  for (let ms = Math.ceil(fromMs / scrapeMs) * scrapeMs; ms <= toMs; ms += scrapeMs) {
    const value = series.at(ms);
    if (value !== undefined) points.push({ ms, value });
  }
  return points;
}

function overRange(fold: (points: readonly Point[], range: RangeSample) => number | undefined): Call {
  return (args) => ({
    type: "vector",
    samples: rangesOf(args.at(-1)).flatMap((range) => {
      const value = fold(pointsOf(range), range);
      return value === undefined ? [] : [{ labels: withoutName(range.series.labels), value }];
    }),
  });
}

const eachValue =
  (change: (value: number) => number): Call =>
  (args) => ({
    type: "vector",
    samples: samplesOf(args[0]).map(({ labels, value }) => ({
      labels: withoutName(labels),
      value: change(value),
    })),
  });

/** Growth of a counter from its first to its last sample, a second; resets count from zero. */
function perSecond(points: readonly Point[]): number | undefined {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || last.ms === first.ms) return undefined;
  let growth = 0;
  for (let index = 1; index < points.length; index++) {
    const before = points[index - 1]?.value ?? 0;
    const value = points[index]?.value ?? 0;
    growth += value < before ? value : value - before;
  }
  return growth / ((last.ms - first.ms) / 1000);
}

const values = (points: readonly Point[]) => points.map(({ value }) => value);
const some = (fold: (list: readonly number[]) => number) =>
  overRange((points) => (points.length === 0 ? undefined : fold(values(points))));

export const calls: Readonly<Record<string, Call>> = {
  rate: overRange(perSecond),
  irate: overRange((points) => perSecond(points.slice(-2))),
  increase: overRange((points, { fromMs, toMs }) => {
    const rate = perSecond(points);
    return rate === undefined ? undefined : rate * ((toMs - fromMs) / 1000);
  }),
  delta: overRange((points) => {
    const first = points[0];
    const last = points.at(-1);
    return first === undefined || last === undefined || first === last ? undefined : last.value - first.value;
  }),
  avg_over_time: some((list) => list.reduce((sum, value) => sum + value, 0) / list.length),
  sum_over_time: some((list) => list.reduce((sum, value) => sum + value, 0)),
  min_over_time: some((list) => Math.min(...list)),
  max_over_time: some((list) => Math.max(...list)),
  count_over_time: some((list) => list.length),
  last_over_time: some((list) => list.at(-1) ?? Number.NaN),
  quantile_over_time: (args, atMs) => some((list) => quantile(scalarOf(args[0]), list))(args, atMs),
  abs: eachValue(Math.abs),
  ceil: eachValue(Math.ceil),
  floor: eachValue(Math.floor),
  sqrt: eachValue(Math.sqrt),
  round: (args, atMs) => {
    const nearest = args[1] === undefined ? 1 : scalarOf(args[1]);
    return eachValue((value) => Math.round(value / nearest) * nearest)(args, atMs);
  },
  clamp_min: (args, atMs) => eachValue((value) => Math.max(value, scalarOf(args[1])))(args, atMs),
  clamp_max: (args, atMs) => eachValue((value) => Math.min(value, scalarOf(args[1])))(args, atMs),
  sort: (args) => ({ type: "vector", samples: samplesOf(args[0]).toSorted((a, b) => a.value - b.value) }),
  sort_desc: (args) => ({
    type: "vector",
    samples: samplesOf(args[0]).toSorted((a, b) => b.value - a.value),
  }),
  time: (_args, atMs) => ({ type: "scalar", value: atMs / 1000 }),
  vector: (args) => ({ type: "vector", samples: [{ labels: {}, value: scalarOf(args[0]) }] }),
  scalar: (args) => {
    const samples = samplesOf(args[0]);
    return { type: "scalar", value: samples.length === 1 ? (samples[0]?.value ?? Number.NaN) : Number.NaN };
  },
  absent: (args) => ({
    type: "vector",
    samples: samplesOf(args[0]).length === 0 ? [{ labels: {}, value: 1 }] : [],
  }),
};

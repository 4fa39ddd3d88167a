/** A metric as it is declared: what its series may look like. */
export interface MetricShape {
  /** `maru_runs_total`; the prefix can be changed where metrics are served. */
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
  /** A further label that is recorded and then summed away: every tenant reports its part of a platform's gauge. */
  readonly partition?: string;
  /** Upper bounds of a histogram, ascending; the last, infinite one is implied. */
  readonly buckets?: readonly number[];
}

/** One series, or what was added to one. `labels` are the values in the order of the shape, the partition last. */
export interface Series {
  readonly name: string;
  readonly labels: readonly string[];
  /** The count, the gauge's value, or the sum of a histogram. */
  readonly value: number;
  /** Observations per bucket, not cumulative, the infinite one last. */
  readonly counts?: readonly number[];
  /** When a gauge was read, in milliseconds: the latest wins. */
  readonly at?: number;
}

export const otherLabel = "_other";
const maxLabelLength = 120;

/** The names of a shape's labels as they are recorded. */
export function recordedLabels(shape: MetricShape): readonly string[] {
  return shape.partition === undefined ? shape.labels : [...shape.labels, shape.partition];
}

/** What identifies a series. */
export function seriesKey(series: Pick<Series, "name" | "labels">): string {
  return JSON.stringify([series.name, ...series.labels]);
}

/** Adds to a series what another recorded of it: counters and histograms add up, of gauges the latest stands. */
export function mergeSeries(shape: MetricShape, into: Series | undefined, from: Series): Series {
  if (into === undefined) return from;
  if (shape.type === "gauge") return (from.at ?? 0) >= (into.at ?? 0) ? from : into;
  const value = into.value + from.value;
  if (shape.type === "counter") return { ...into, value };
  return { ...into, value, counts: (into.counts ?? []).map((n, i) => n + (from.counts?.[i] ?? 0)) };
}

/** Series by identity, at most `limit` of each metric: what comes beyond is counted under the label `_other`. */
export class SeriesMap {
  readonly #shapes: ReadonlyMap<string, MetricShape>;
  readonly #limit: number;
  #series = new Map<string, Series>();
  #sizes = new Map<string, number>();

  constructor(shapes: readonly MetricShape[], limit: number) {
    this.#shapes = new Map(shapes.map((shape) => [shape.name, shape]));
    this.#limit = limit;
  }

  shape(name: string): MetricShape | undefined {
    return this.#shapes.get(name);
  }

  /** Adds a series; answers its key, or nothing when no such metric is declared, or a gauge has no room. */
  add(series: Series): string | undefined {
    const shape = this.#shapes.get(series.name);
    if (shape === undefined || !fits(shape, series)) return undefined;
    const cut = { ...series, labels: series.labels.map((label) => label.slice(0, maxLabelLength)) };
    const key = seriesKey(cut);
    const known = this.#series.get(key);
    const size = this.#sizes.get(shape.name) ?? 0;
    if (known === undefined && size >= this.#limit) {
      if (shape.type === "gauge" || cut.labels.every((label) => label === otherLabel)) return undefined;
      return this.#fold(shape, { ...cut, labels: cut.labels.map(() => otherLabel) });
    }
    if (known === undefined) this.#sizes.set(shape.name, size + 1);
    this.#series.set(key, mergeSeries(shape, known, cut));
    return key;
  }

  #fold(shape: MetricShape, series: Series): string {
    const key = seriesKey(series);
    this.#series.set(key, mergeSeries(shape, this.#series.get(key), series));
    return key;
  }

  get(key: string): Series | undefined {
    return this.#series.get(key);
  }

  all(): Series[] {
    return [...this.#series.values()];
  }

  /** Everything, leaving nothing behind. */
  take(): Series[] {
    const all = this.all();
    this.#series = new Map();
    this.#sizes = new Map();
    return all;
  }
}

function fits(shape: MetricShape, series: Series): boolean {
  return (
    series.labels.length === recordedLabels(shape).length &&
    Number.isFinite(series.value) &&
    (shape.type !== "counter" || series.value >= 0) &&
    (shape.type !== "histogram" || series.counts?.length === (shape.buckets?.length ?? 0) + 1)
  );
}

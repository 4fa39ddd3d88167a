import type { Labels, MeterPort } from "../../kernel/ports/meter.ts";
import { type MetricShape, recordedLabels, type Series, SeriesMap } from "../../kernel/series.ts";

export interface Recorder extends Omit<MeterPort, "flush"> {
  /** What has gathered since the last call. */
  take(): Series[];
  all(): Series[];
}

/**
 * Gathers what an isolate measures. A metric that isn't declared, or a label it doesn't have, is refused through
 * `refuse` and changes nothing: measuring never breaks what is measured.
 */
export function recorder(
  shapes: readonly MetricShape[],
  now: () => number,
  refuse: (name: string, reason: string) => void,
  limit = 2000,
): Recorder {
  const gathered = new SeriesMap(shapes, limit);

  function record(
    name: string,
    type: MetricShape["type"],
    given: Labels,
    make: (shape: MetricShape) => object,
  ) {
    const shape = gathered.shape(name);
    if (shape?.type !== type) return refuse(name, shape ? `it is a ${shape.type}` : "it is not declared");
    const names = recordedLabels(shape);
    const foreign = Object.keys(given).find((label) => !names.includes(label));
    if (foreign !== undefined) return refuse(name, `it has no label "${foreign}"`);
    const labels = names.map((label) => given[label] ?? "");
    const series = { name, labels, value: 0, ...make(shape) };
    if (gathered.add(series) === undefined)
      refuse(name, "the value or the number of series is out of bounds");
  }

  return {
    count: (name, labels = {}, by = 1) => record(name, "counter", labels, () => ({ value: by })),
    gauge: (name, value, labels = {}) => record(name, "gauge", labels, () => ({ value, at: now() })),
    observe: (name, value, labels = {}) =>
      record(name, "histogram", labels, ({ buckets = [] }) => {
        const place = buckets.findIndex((bound) => value <= bound);
        const counts = new Array<number>(buckets.length + 1).fill(0);
        counts[place === -1 ? buckets.length : place] = 1;
        return { value, counts };
      }),
    take: () => gathered.take(),
    all: () => gathered.all(),
  };
}

import type { World } from "../../words.ts";
import { instanceSeries, phaseSeries } from "./instance-series.ts";
import { alertSeries, nodeSeries } from "./node-series.ts";
import type { Source } from "./promql-values.ts";
import { volumeSeries } from "./volume-series.ts";

/** Everything that the cluster's Prometheus knows, read off the cluster as it is now. */
export function worldSeries(world: World): Source {
  const all = [
    ...nodeSeries(world),
    ...instanceSeries(world),
    ...phaseSeries(world),
    ...volumeSeries(world),
    ...alertSeries(world),
  ];
  return (name) => (name === undefined ? all : all.filter(({ labels }) => labels["__name__"] === name));
}

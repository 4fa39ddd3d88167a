import { allMetrics } from "../metrics/registry.ts";
import { type PlannedMetric, planMetrics } from "./plan.rules.ts";
import type { RunConfig } from "./run-config.ts";

/** The plan that a config was made from. */
export function planOf(config: RunConfig): PlannedMetric[] {
  const choices = config.metrics.map(({ name, options, threshold }) => ({
    name,
    options,
    ...(threshold === null ? {} : { threshold }),
  }));
  return planMetrics(choices, allMetrics);
}

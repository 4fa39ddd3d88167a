import type { MeterPort } from "../../kernel/ports/meter.ts";
import type { MetricShape, Series } from "../../kernel/series.ts";
import { recorder } from "./recorder.ts";

/** The twin of the sharded meter: keeps what was measured, and throws at a metric or label that isn't declared. */
export function memoryMeter(
  shapes: readonly MetricShape[],
  now: () => number = () => 0,
): MeterPort & { all(): Series[] } {
  const gathered = recorder(shapes, now, (name, reason) => {
    throw new RangeError(`${name}: ${reason}`);
  });
  return { ...gathered, async flush() {} };
}

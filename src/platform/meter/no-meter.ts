import type { MeterPort } from "../../kernel/ports/meter.ts";

/** Counts nothing: for evaluation without a Worker. */
export const noMeter: MeterPort = {
  count() {},
  observe() {},
  gauge() {},
  async flush() {},
};

/**
 * The value at rank `q · (n − 1)` of the sorted values, between neighbours by linear interpolation (the definition of
 * PromQL's quantile). Below 0 gives −Infinity, above 1 +Infinity, no values or a NaN rank NaN. `values` may be in any order.
 */
export function quantileOf(values: readonly number[], q: number): number {
  if (values.length === 0 || Number.isNaN(q)) return Number.NaN;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  const sorted = [...values].sort((a, b) => a - b);
  const rank = q * (sorted.length - 1);
  const below = Math.floor(rank);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(sorted.length - 1, below + 1)] ?? Number.NaN;
  const weight = rank - below;
  return low * (1 - weight) + high * weight;
}

/** `median(|x − median(x)|)`; NaN where there is a NaN or nothing. */
export function medianAbsoluteDeviation(values: readonly number[]): number {
  if (values.some(Number.isNaN)) return Number.NaN;
  const middle = quantileOf(values, 0.5);
  return quantileOf(
    values.map((value) => Math.abs(value - middle)),
    0.5,
  );
}

/** A sample of a series: when, and what. */
export interface Sample {
  readonly at: number;
  readonly value: number;
}

export type RateKind = "rate" | "increase" | "delta";

/**
 * How much a series changed over `[start, end]`, from samples in order of time, extended to the bounds where the samples
 * reach close to them, as PromQL does. `rate` and `increase` are of counters: a fall is a reset. `rate` is per second.
 * Undefined with fewer than two samples.
 */
export function rateOf(
  kind: RateKind,
  samples: readonly Sample[],
  start: number,
  end: number,
): number | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || samples.length < 2 || last.at <= first.at)
    return undefined;
  let change = last.value - first.value;
  if (kind !== "delta") change += fallsOf(samples);
  const sampled = last.at - first.at;
  const apart = sampled / (samples.length - 1);
  const near = apart * 1.1;
  let before = first.at - start >= near ? apart / 2 : first.at - start;
  if (kind !== "delta" && change > 0 && first.value >= 0) {
    before = Math.min(before, sampled * (first.value / change));
  }
  const after = end - last.at >= near ? apart / 2 : end - last.at;
  const extended = change * ((sampled + Math.max(0, before) + Math.max(0, after)) / sampled);
  return kind === "rate" ? extended / ((end - start) / 1000) : extended;
}

function fallsOf(samples: readonly Sample[]): number {
  let falls = 0;
  let before = samples[0]?.value ?? 0;
  for (const { value } of samples) {
    if (value < before) falls += before;
    before = value;
  }
  return falls;
}

/**
 * The exponentially weighted mean of samples in order of time: each pulls by `1 − 2^(−Δt/halfLife)`. Undefined without
 * samples.
 */
export function weightedMean(samples: readonly Sample[], halfLifeMs: number): number | undefined {
  let mean: number | undefined;
  let at = 0;
  for (const sample of samples) {
    mean =
      mean === undefined ? sample.value : mean + pull(sample.at - at, halfLifeMs) * (sample.value - mean);
    at = sample.at;
  }
  return mean;
}

/** The weight of a sample that comes `elapsedMs` after the one before: `1 − 2^(−Δt/h)`. */
export function pull(elapsedMs: number, halfLifeMs: number): number {
  return 1 - 2 ** (-elapsedMs / halfLifeMs);
}

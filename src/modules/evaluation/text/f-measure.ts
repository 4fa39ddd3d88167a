/**
 * F-beta of precision and recall, `(1 + b²)PR / (b²P + R)`, 0 when both are 0 (van Rijsbergen 1979). `beta` above 1
 * weighs recall more.
 */
export function fMeasure(precision: number, recall: number, beta = 1): number {
  const weight = beta * beta;
  const bottom = weight * precision + recall;
  return bottom === 0 ? 0 : ((1 + weight) * precision * recall) / bottom;
}

/** A share that is 0 when nothing was there to hit. */
export function share(hits: number, total: number): number {
  return total === 0 ? 0 : hits / total;
}

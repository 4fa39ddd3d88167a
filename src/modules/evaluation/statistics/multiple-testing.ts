export type Correction = "bh" | "by" | "holm" | "none";

/**
 * Adjusted p-values in the order given: Holm's step-down (family-wise error, Holm 1979), Benjamini-Hochberg (false
 * discovery rate, 1995) or Benjamini-Yekutieli (the same under any dependence, 2001).
 */
export function adjustPValues(pValues: readonly number[], correction: Correction): number[] {
  const m = pValues.length;
  const adjusted = [...pValues];
  if (correction === "none" || m === 0) return adjusted;
  const order = pValues
    .map((_, index) => index)
    .sort((a, b) => (pValues[a] as number) - (pValues[b] as number));
  if (correction === "holm") {
    let running = 0;
    for (const [position, index] of order.entries()) {
      running = Math.max(running, Math.min(1, (m - position) * (pValues[index] as number)));
      adjusted[index] = running;
    }
    return adjusted;
  }
  const dependence = correction === "by" ? harmonic(m) : 1;
  let running = 1;
  for (let position = m - 1; position >= 0; position--) {
    const index = order[position] as number;
    running = Math.min(running, ((m * dependence) / (position + 1)) * (pValues[index] as number));
    adjusted[index] = running;
  }
  return adjusted;
}

function harmonic(m: number): number {
  let sum = 0;
  for (let i = 1; i <= m; i++) sum += 1 / i;
  return sum;
}

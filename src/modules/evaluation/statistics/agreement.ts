export interface LabelledScore<Score, Label> {
  readonly caseId: string;
  readonly score: Score;
  readonly label: Label;
}

/**
 * Joins scores and labels by case id. A case without a label, or without a score, is left out and never shifts the
 * others; of several entries for one case the last one stands.
 */
export function joinLabels<Score, Label>(
  scores: readonly { readonly caseId: string; readonly score: Score }[],
  labels: readonly { readonly caseId: string; readonly label: Label }[],
): LabelledScore<Score, Label>[] {
  const byCase = new Map(labels.map(({ caseId, label }) => [caseId, { label }]));
  const scoreOf = new Map(scores.map(({ caseId, score }) => [caseId, score]));
  return [...scoreOf].flatMap(([caseId, score]) => {
    const found = byCase.get(caseId);
    return found === undefined ? [] : [{ caseId, score, label: found.label }];
  });
}

/**
 * Cohen's κ = (po − pe)/(1 − pe) of two raters over the same items. Null for no item. Both raters using one and the
 * same category throughout (pe = 1) is full agreement, 1.
 */
export function cohenKappa(a: readonly string[], b: readonly string[]): number | null {
  requireSameLength(a, b);
  const n = a.length;
  if (n === 0) return null;
  const counts = new Map<string, { a: number; b: number }>();
  const countOf = (label: string) => {
    const found = counts.get(label) ?? { a: 0, b: 0 };
    counts.set(label, found);
    return found;
  };
  let agreed = 0;
  for (const [index, label] of a.entries()) {
    const other = b[index] as string;
    countOf(label).a++;
    countOf(other).b++;
    if (label === other) agreed++;
  }
  let chance = 0;
  for (const count of counts.values()) chance += count.a * count.b;
  const scale = n * n;
  if (chance === scale) return agreed === n ? 1 : null;
  return (agreed * n - chance) / (scale - chance);
}

/**
 * Weighted κ for ordered numeric ratings, 1 − Σw·observed/Σw·expected with w = |i − j| (linear) or (i − j)²
 * (quadratic); the numbers themselves are the scale, so 1-5 and 0-1 must not be mixed (Cohen 1968). Null for no item,
 * and where both raters use one and the same value it is 1.
 */
export function weightedKappa(
  a: readonly number[],
  b: readonly number[],
  weights: "linear" | "quadratic" = "quadratic",
): number | null {
  requireSameLength(a, b);
  const n = a.length;
  if (n === 0) return null;
  const weigh = (x: number, y: number) => (weights === "linear" ? Math.abs(x - y) : (x - y) ** 2);
  const observed = a.reduce((sum, x, index) => sum + weigh(x, b[index] as number), 0) / n;
  let expected = 0;
  const countsB = countValues(b);
  for (const [x, countX] of countValues(a)) {
    for (const [y, countY] of countsB) expected += countX * countY * weigh(x, y);
  }
  expected /= n * n;
  if (expected === 0) return observed === 0 ? 1 : null;
  return 1 - observed / expected;
}

function countValues(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function requireSameLength(a: readonly unknown[], b: readonly unknown[]): void {
  if (a.length !== b.length)
    throw new RangeError(`raters must rate the same items: ${a.length} and ${b.length}`);
}

/**
 * F-beta from counts: (1+β²)·TP / ((1+β²)·TP + β²·FN + FP); `null` when all three are zero. β > 1 weighs recall more.
 * Source: van Rijsbergen 1979, in the form that needs no division of two zeros.
 */
export function fBeta(tp: number, fp: number, fn: number, beta: number): number | null {
  const squared = beta * beta;
  const below = (1 + squared) * tp + squared * fn + fp;
  return below === 0 ? null : ((1 + squared) * tp) / below;
}

/**
 * Average precision of a ranked list of verdicts: Σ P@k·v_k / (Σ v_k + ε), P@k the share of useful ones among the
 * first k. Nothing useful gives 0. ε is 0 unless the number of another implementation is wanted.
 */
export function averagePrecision(verdicts: readonly boolean[], epsilon = 0): number {
  let useful = 0;
  let sum = 0;
  verdicts.forEach((verdict, index) => {
    if (!verdict) return;
    useful++;
    sum += useful / (index + 1);
  });
  return useful === 0 ? 0 : sum / (useful + epsilon);
}

/** The share of true among values; `null` of none. */
export function shareOf(values: readonly boolean[]): number | null {
  return values.length === 0 ? null : values.filter(Boolean).length / values.length;
}

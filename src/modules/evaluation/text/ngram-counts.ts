/** How often each n-gram of tokens occurs; the key joins the tokens with U+0000. Empty when there are fewer than `n`. */
export function ngramCounts(tokens: readonly string[], n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + n <= tokens.length; start += 1) {
    const key = n === 1 ? (tokens[start] ?? "") : tokens.slice(start, start + n).join("\u0000");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** The clipped overlap of two multisets: the sum over keys of the smaller count. */
export function overlapOf(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const [few, many] = a.size <= b.size ? [a, b] : [b, a];
  let overlap = 0;
  for (const [key, count] of few) overlap += Math.min(count, many.get(key) ?? 0);
  return overlap;
}

/** Number of n-grams of a list of `length` tokens. */
export function ngramTotal(length: number, n: number): number {
  return Math.max(0, length - n + 1);
}

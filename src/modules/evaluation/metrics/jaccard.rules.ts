import { tokenize } from "../text/tokenizers.ts";

/** Jaccard index of the token sets of two texts (`korean-particle`), 0 to 1; undefined when neither has a token. */
export function jaccard(a: string, b: string): number | undefined {
  const left = new Set(tokenize("korean-particle", a));
  const right = new Set(tokenize("korean-particle", b));
  let shared = 0;
  for (const token of left) if (right.has(token)) shared += 1;
  const union = left.size + right.size - shared;
  return union === 0 ? undefined : shared / union;
}

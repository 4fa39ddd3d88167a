import { editDistance } from "./edit-distance.ts";
import { toNfc } from "./normalize.ts";

/** Pairs with more cells than this (code points times code points) are refused: some 50,000 against 50,000. */
export const maxComparedCells = 2_500_000_000;

/** Length of several texts together, in UTF-16 units. */
export function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

/** A text as NFC code points, what Levenshtein and character n-grams count. */
export function codePoints(text: string): string[] {
  return Array.from(toNfc(text));
}

/**
 * Levenshtein similarity `1 - distance / max(length)` of two texts in NFC code points, 0 to 1; two empty texts give 1.
 * Undefined when the pair is beyond `maxComparedCells`.
 */
export function stringSimilarity(a: string, b: string): number | undefined {
  const left = codePoints(a);
  const right = codePoints(b);
  if (left.length * right.length > maxComparedCells) return undefined;
  const longest = Math.max(left.length, right.length);
  return longest === 0 ? 1 : 1 - editDistance(left, right) / longest;
}

import { internTokens } from "./intern-tokens.ts";
import { rowMasks } from "./row-masks.ts";

/**
 * Length of the longest common subsequence of two token lists, by the bit-parallel recurrence of Hyyrö (2004):
 * O(|a|·|b| / 32) time and O(|a| + |b|) memory.
 */
export function lcsLength(a: readonly string[], b: readonly string[]): number {
  const { second, places } = internTokens(a, b);
  const masks = rowMasks(places, a.length);
  const vector = new Int32Array(masks.words).fill(-1);
  for (const id of second) if (id >= 0) advance(vector, masks.of(id));
  let length = 0;
  for (let i = 0; i < a.length; i += 1) if (!bitOf(vector, i)) length += 1;
  return length;
}

/**
 * Indices into `a` of one longest common subsequence of `a` and `b`, ascending. Of equally long ones it is the one the
 * usual back-tracking from the end finds (drop from `b` only when `a` alone would lose length), as ROUGE-Lsum expects.
 * Keeps one bit per cell: |a|·|b| / 8 bytes.
 */
export function lcsIndices(a: readonly string[], b: readonly string[]): number[] {
  const { second, places } = internTokens(a, b);
  const masks = rowMasks(places, a.length);
  const vector = new Int32Array(masks.words).fill(-1);
  const history = new Int32Array(vector.length * b.length);
  second.forEach((id, j) => {
    if (id >= 0) advance(vector, masks.of(id));
    history.set(vector, j * vector.length);
  });
  const found: number[] = [];
  let i = a.length - 1;
  let j = b.length - 1;
  while (i >= 0 && j >= 0) {
    if (a[i] === b[j]) {
      found.push(i);
      i -= 1;
      j -= 1;
    } else if (bitOf(history.subarray(j * vector.length, (j + 1) * vector.length), i)) {
      i -= 1;
    } else {
      j -= 1;
    }
  }
  return found.reverse();
}

function bitOf(vector: Int32Array, index: number): boolean {
  return (((vector[index >> 5] ?? 0) >>> (index & 31)) & 1) === 1;
}

/**
 * One column: V' = (V + (V & M)) | (V & ~M), word by word with the carry of the addition. A bit of V is 0 where the
 * length rises by one from a row to the next.
 */
function advance(vector: Int32Array, mask: Int32Array): void {
  let carry = 0;
  for (let word = 0; word < vector.length; word += 1) {
    const v = vector[word] ?? 0;
    const m = mask[word] ?? 0;
    const u = v & m;
    const sum = (v + u + carry) | 0;
    carry = ((v & u) | ((v | u) & ~sum)) >>> 31;
    vector[word] = sum | (v & ~m);
  }
}

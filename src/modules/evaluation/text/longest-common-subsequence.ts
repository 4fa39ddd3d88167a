import { internTokens } from "./intern-tokens.ts";

/**
 * Length of the longest common subsequence of two token lists, by the bit-parallel recurrence of Hyyrö (2004):
 * O(|a|·|b| / 32) time and O(|a| + |b|) memory.
 */
export function lcsLength(a: readonly string[], b: readonly string[]): number {
  const rows = internTokens(a, b);
  const vector = freshVector(rows.first.length);
  const mask = new Int32Array(vector.length);
  for (const id of rows.second) {
    const places = rows.places[id];
    if (places !== undefined) advance(vector, mask, places);
  }
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
  const rows = internTokens(a, b);
  const vector = freshVector(a.length);
  const mask = new Int32Array(vector.length);
  const history = new Int32Array(vector.length * b.length);
  b.forEach((_, j) => {
    const places = rows.places[rows.second[j] ?? -1];
    if (places !== undefined) advance(vector, mask, places);
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

/** A bit of the vector is 0 where the table rises by one from row i to row i + 1. */
function freshVector(bits: number): Int32Array {
  return new Int32Array(Math.max(1, Math.ceil(bits / 32))).fill(-1);
}

function bitOf(vector: Int32Array, index: number): boolean {
  return (((vector[index >> 5] ?? 0) >>> (index & 31)) & 1) === 1;
}

/** V' = (V + (V & M)) | (V & ~M), word by word with the carry of the addition. */
function advance(vector: Int32Array, mask: Int32Array, places: Int32Array): void {
  for (const place of places) mask[place >> 5] = (mask[place >> 5] ?? 0) | (1 << (place & 31));
  let carry = 0;
  for (let word = 0; word < vector.length; word += 1) {
    const v = vector[word] ?? 0;
    const m = mask[word] ?? 0;
    const u = v & m;
    const sum = (v + u + carry) | 0;
    carry = ((v & u) | ((v | u) & ~sum)) >>> 31;
    vector[word] = sum | (v & ~m);
  }
  for (const place of places) mask[place >> 5] = 0;
}

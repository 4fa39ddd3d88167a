import { internTokens } from "./intern-tokens.ts";
import { rowMasks } from "./row-masks.ts";

/**
 * Levenshtein distance of two token lists (code points, words), by the bit-parallel algorithm of Myers (1999) in
 * blocks of 32 rows as Hyyrö (2003) gives it: O(|a|·|b| / 32) time, O(|a| + |b|) memory.
 */
export function editDistance(a: readonly string[], b: readonly string[]): number {
  const [left, right] = withoutCommonEnds(a, b);
  if (left.length === 0) return right.length;
  if (right.length === 0) return left.length;
  const [rows, columns] = left.length <= right.length ? [left, right] : [right, left];
  const { second, places } = internTokens(rows, columns);
  const masks = rowMasks(places, rows.length);
  const lastBit = (rows.length - 1) & 31;
  const plus = new Int32Array(masks.words).fill(-1);
  const minus = new Int32Array(masks.words);
  let distance = rows.length;
  for (const id of second) distance += advanceColumn(plus, minus, masks.of(id), lastBit);
  return distance;
}

/** One column; returns how the last row changes (-1, 0 or 1). The row above the table grows by one each column. */
function advanceColumn(plus: Int32Array, minus: Int32Array, mask: Int32Array, lastBit: number): number {
  let carryPlus = 1;
  let carryMinus = 0;
  let change = 0;
  for (let word = 0; word < plus.length; word += 1) {
    const pv = plus[word] ?? 0;
    const mv = minus[word] ?? 0;
    const equal = mask[word] ?? 0;
    const xv = equal | mv;
    const eq = equal | carryMinus;
    const xh = (((eq & pv) + pv) ^ pv) | eq;
    let ph = mv | ~(xh | pv);
    let mh = pv & xh;
    const top = word === plus.length - 1 ? lastBit : 31;
    const outPlus = (ph >>> top) & 1;
    const outMinus = (mh >>> top) & 1;
    ph = (ph << 1) | carryPlus;
    mh = (mh << 1) | carryMinus;
    plus[word] = mh | ~(xv | ph);
    minus[word] = ph & xv;
    carryPlus = outPlus;
    carryMinus = outMinus;
    change = outPlus - outMinus;
  }
  return change;
}

function withoutCommonEnds(
  a: readonly string[],
  b: readonly string[],
): [readonly string[], readonly string[]] {
  let start = 0;
  const shorter = Math.min(a.length, b.length);
  while (start < shorter && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../../src/kernel/random.ts";
import { editDistance } from "../../../../../src/modules/evaluation/text/edit-distance.ts";
import {
  lcsIndices,
  lcsLength,
} from "../../../../../src/modules/evaluation/text/longest-common-subsequence.ts";

type Table = readonly (readonly number[])[];

function tableOf(
  a: readonly string[],
  b: readonly string[],
  cell: (i: number, j: number, at: (i: number, j: number) => number) => number,
): Table {
  const table: number[][] = [];
  const at = (i: number, j: number): number => table[i]?.[j] ?? 0;
  for (let i = 0; i <= a.length; i += 1) {
    table.push([]);
    for (let j = 0; j <= b.length; j += 1) table[i]?.push(cell(i, j, at));
  }
  return table;
}

function plainDistance(a: readonly string[], b: readonly string[]): number {
  const table = tableOf(a, b, (i, j, at) =>
    i === 0 || j === 0
      ? i + j
      : Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)),
  );
  return table[a.length]?.[b.length] ?? -1;
}

function plainIndices(a: readonly string[], b: readonly string[]): number[] {
  const table = tableOf(a, b, (i, j, at) =>
    i === 0 || j === 0
      ? 0
      : a[i - 1] === b[j - 1]
        ? at(i - 1, j - 1) + 1
        : Math.max(at(i - 1, j), at(i, j - 1)),
  );
  const found: number[] = [];
  let [i, j] = [a.length, b.length];
  while (i > 0 && j > 0) {
    if (a[i - 1] === b[j - 1]) {
      found.unshift(i - 1);
      i -= 1;
      j -= 1;
    } else if ((table[i]?.[j - 1] ?? 0) > (table[i - 1]?.[j] ?? 0)) j -= 1;
    else i -= 1;
  }
  return found;
}

const random = seededRandom(7);
const lengths = [0, 1, 5, 31, 32, 33, 63, 64, 65, 100, 200];
const pairs = lengths.flatMap((n) =>
  lengths.map((m) => {
    const letters = 2 + Math.floor(random() * 6);
    const word = (length: number): string[] =>
      Array.from({ length }, () => "abcdefgh"[Math.floor(random() * letters)] ?? "a");
    return [word(n), word(m)] as const;
  }),
);

describe("the bit-parallel algorithms", () => {
  it("give the edit distance of the plain table", () => {
    for (const [a, b] of pairs) expect(editDistance(a, b)).toBe(plainDistance(a, b));
  });

  it("give the subsequence of the plain table, length and places", () => {
    for (const [a, b] of pairs) {
      const expected = plainIndices(a, b);
      expect(lcsIndices(a, b)).toEqual(expected);
      expect(lcsLength(a, b)).toBe(expected.length);
    }
  });

  it("knows kitten and sitting", () => {
    expect(editDistance([..."kitten"], [..."sitting"])).toBe(3);
  });

  it("does a pair of 20,000 characters", () => {
    const text = (seed: number): string[] => {
      const next = seededRandom(seed);
      return Array.from({ length: 20_000 }, () => String.fromCharCode(0xac00 + Math.floor(next() * 500)));
    };
    const [a, b] = [text(1), text(2)];
    expect(editDistance(a, b)).toBeGreaterThan(10_000);
    expect(lcsLength(a, b)).toBeGreaterThan(100);
  });
});

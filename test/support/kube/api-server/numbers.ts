/** Numbers that are the same for the same seed (mulberry32). */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A version 4 UUID out of given numbers. */
export function uuidOf(next: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(next() * 16));
  digits[12] = 4;
  digits[16] = 8 + ((digits[16] ?? 0) % 4);
  const hex = digits.map((digit) => digit.toString(16)).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

const SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

/** The five letters that `generateName` gets. */
export function nameSuffix(next: () => number): string {
  return Array.from({ length: 5 }, () => SUFFIX_LETTERS[Math.floor(next() * SUFFIX_LETTERS.length)]).join("");
}

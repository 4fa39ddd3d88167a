const ones =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
const tens = "twenty thirty forty fifty sixty seventy eighty ninety";
const small = new Map<string, number>([
  ...ones.split(" ").map((word, index): [string, number] => [word, index]),
  ...tens.split(" ").map((word, index): [string, number] => [word, (index + 2) * 10]),
]);
const magnitudes = new Map<string, number>([
  ["hundred", 100],
  ["thousand", 1e3],
  ["million", 1e6],
  ["billion", 1e9],
  ["trillion", 1e12],
]);
const short = new Map<string, number>([
  ["k", 1e3],
  ["m", 1e6],
  ["mn", 1e6],
  ["b", 1e9],
  ["bn", 1e9],
  ["tn", 1e12],
]);
const word = /[\s-]?([a-z]+)/iy;

/** Reads an English number in words at `start`: `thirty`, `twenty-one`, `two hundred`, `one million`. */
export function readEnglishNumber(text: string, start: number): { value: number; end: number } | undefined {
  let total = 0;
  let current = 0;
  let end = start;
  let lastSmall = Number.POSITIVE_INFINITY;
  for (;;) {
    word.lastIndex = end;
    const match = word.exec(text);
    if (
      match === null ||
      (end === start && match.index + (match[0].length - (match[1]?.length ?? 0)) !== start)
    )
      break;
    const name = (match[1] ?? "").toLowerCase();
    const value = small.get(name);
    const magnitude = magnitudes.get(name);
    if (value !== undefined && (lastSmall === Number.POSITIVE_INFINITY || (lastSmall >= 20 && value < 10))) {
      current += value;
      lastSmall = value;
    } else if (magnitude !== undefined && end > start) {
      current *= magnitude;
      if (magnitude > 100) {
        total += current;
        current = 0;
      }
      lastSmall = Number.POSITIVE_INFINITY;
    } else break;
    end = match.index + match[0].length;
  }
  return end === start ? undefined : { value: total + current, end };
}

/** Reads a magnitude after digits: ` million`, `bn`, `M`, `k`. A bare letter counts only when glued to the digits. */
export function readMagnitude(
  text: string,
  start: number,
  afterCurrency: boolean,
): { factor: number; end: number } {
  const none = { factor: 1, end: start };
  const spelled = /^\s?(hundred|thousand|million|billion|trillion)\b/i.exec(text.slice(start, start + 12));
  if (spelled !== null) {
    return { factor: magnitudes.get((spelled[1] ?? "").toLowerCase()) ?? 1, end: start + spelled[0].length };
  }
  const glued = /^(bn|mn|tn|[kmb])(?![\p{L}\p{N}])/iu.exec(text.slice(start, start + 3));
  const letter = glued?.[1] ?? "";
  if (letter === "" || (!afterCurrency && letter !== letter.toUpperCase())) return none;
  return { factor: short.get(letter.toLowerCase()) ?? 1, end: start + letter.length };
}

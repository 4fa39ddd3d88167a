const vowels = new Set([..."aeiou"]);

function isConsonant(word: string, index: number): boolean {
  const letter = word[index] ?? "";
  if (vowels.has(letter)) return false;
  return letter !== "y" || index === 0 || !isConsonant(word, index - 1);
}

/** Porter's m: how many times a vowel run is followed by a consonant run. */
function measure(stem: string): number {
  let count = 0;
  for (let i = 1; i < stem.length; i += 1) if (isConsonant(stem, i) && !isConsonant(stem, i - 1)) count += 1;
  return count;
}

function hasVowel(stem: string): boolean {
  for (let i = 0; i < stem.length; i += 1) if (!isConsonant(stem, i)) return true;
  return false;
}

function endsDouble(word: string): boolean {
  return word.length > 1 && word.at(-1) === word.at(-2) && isConsonant(word, word.length - 1);
}

function endsShort(word: string): boolean {
  const last = word.length - 1;
  const shape =
    last >= 2 && isConsonant(word, last) && !isConsonant(word, last - 1) && isConsonant(word, last - 2);
  return shape && !/[wxy]$/.test(word);
}

const second =
  "ational:ate tional:tion enci:ence anci:ance izer:ize abli:able alli:al entli:ent eli:e ousli:ous ization:ize ation:ate ator:ate alism:al iveness:ive fulness:ful ousness:ous aliti:al iviti:ive biliti:ble";
const third = "icate:ic ative: alize:al iciti:ic ical:ic ful: ness:";
const fourth = "ement ance ence able ible ment ant ent ism ate iti ous ive ize ion al er ic ou";

const pairsOf = (table: string): readonly (readonly [string, string])[] =>
  table
    .split(" ")
    .map((entry): readonly [string, string] => [
      entry.slice(0, entry.indexOf(":")),
      entry.slice(entry.indexOf(":") + 1),
    ])
    .sort(([a], [b]) => b.length - a.length);
const secondPairs = pairsOf(second);
const thirdPairs = pairsOf(third);
const fourthEndings = fourth.split(" ").sort((a, b) => b.length - a.length);

/**
 * The stem of a lower-case English word; other words, and words of one or two letters, come back as they are. Source:
 * Porter 1980, "An algorithm for suffix stripping".
 */
export function porterStem(word: string): string {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word;
  let stem = withoutPlural(word);
  stem = withoutPast(stem);
  if (stem.endsWith("y") && hasVowel(stem.slice(0, -1))) stem = `${stem.slice(0, -1)}i`;
  stem = swapped(swapped(stem, secondPairs), thirdPairs);
  stem = withoutEnding(stem);
  if (stem.endsWith("e")) {
    const rest = stem.slice(0, -1);
    if (measure(rest) > 1 || (measure(rest) === 1 && !endsShort(rest))) stem = rest;
  }
  return measure(stem) > 1 && stem.endsWith("ll") ? stem.slice(0, -1) : stem;
}

function withoutPlural(word: string): string {
  if (word.endsWith("sses") || word.endsWith("ies")) return word.slice(0, -2);
  return word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}

function withoutPast(word: string): string {
  if (word.endsWith("eed")) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const ending = word.endsWith("ed") ? 2 : word.endsWith("ing") ? 3 : 0;
  const stem = word.slice(0, word.length - ending);
  if (ending === 0 || !hasVowel(stem)) return word;
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (endsDouble(stem) && !/[lsz]$/.test(stem)) return stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

function swapped(word: string, pairs: readonly (readonly [string, string])[]): string {
  const found = pairs.find(([ending]) => word.endsWith(ending));
  if (found === undefined) return word;
  const stem = word.slice(0, word.length - found[0].length);
  return measure(stem) > 0 ? stem + found[1] : word;
}

function withoutEnding(word: string): string {
  const ending = fourthEndings.find((candidate) => word.endsWith(candidate));
  if (ending === undefined) return word;
  const stem = word.slice(0, word.length - ending.length);
  return measure(stem) > 1 && (ending !== "ion" || /[st]$/.test(stem)) ? stem : word;
}

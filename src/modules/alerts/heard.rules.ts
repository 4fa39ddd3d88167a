import { mergeSpans, type Said, type Span, saidOrder } from "./merge.rules.ts";

/** The last words about one alert in their order, and what was known before them. */
export interface Heard {
  readonly base: Span | null;
  readonly words: readonly Said[];
}

const kept = 8;

/**
 * Adds a word, at its place: words that arrive late, twice or in another order lead to the same span, as long as no
 * more than eight younger ones came before. Undefined when the word is known or too old to matter.
 */
export function hear(heard: Heard, word: Said): (Heard & { readonly span: Span }) | undefined {
  if (heard.words.some((known) => isSame(known, word))) return undefined;
  const index = heard.words.findLastIndex((known) => saidOrder(known, word) <= 0) + 1;
  if (index === 0 && heard.base !== null) return undefined;
  const words = heard.words.toSpliced(index, 0, word);
  const first = words[0];
  if (words.length <= kept || first === undefined)
    return { base: heard.base, words, span: fold(heard.base, words) };
  const base = fold(heard.base, [first]);
  return { base, words: words.slice(1), span: fold(base, words.slice(1)) };
}

function fold(base: Span | null, words: readonly Said[]): Span {
  let span = base;
  for (const word of words) span = span === null ? word : mergeSpans(span, word);
  if (span === null) throw new RangeError("nothing was said of this alert");
  const { startsAt, endsAt, timeout } = span;
  return { startsAt, endsAt, timeout };
}

function isSame(a: Said, b: Said): boolean {
  return (
    saidOrder(a, b) === 0 && a.startsAt === b.startsAt && a.endsAt === b.endsAt && a.timeout === b.timeout
  );
}

import { foldText } from "../text/normalize.ts";
import type { DomainTerm } from "./insurance-vocabulary.ts";

/** A text prepared for phrase search: folded for English, and without white space for Korean, whose spacing varies. */
export interface SearchableText {
  readonly folded: string;
  readonly dense: string;
}

export function searchable(text: string): SearchableText {
  const folded = foldText(text);
  return { folded, dense: folded.replaceAll(" ", "") };
}

/** Where a phrase starts in the folded text, -1 when it does not occur; a Latin phrase must stand between word boundaries. */
export function phraseAt(text: SearchableText, phrase: string): number {
  const wanted = foldText(phrase);
  if (!/[a-z]/.test(wanted))
    return text.dense.includes(wanted.replaceAll(" ", "")) ? Math.max(0, text.folded.indexOf(wanted)) : -1;
  for (let at = text.folded.indexOf(wanted); at >= 0; at = text.folded.indexOf(wanted, at + 1)) {
    const isLetter = (character: string | undefined): boolean => /[\p{L}\p{N}]/u.test(character ?? " ");
    const before = text.folded[at - 1];
    const after = text.folded[at + wanted.length];
    if (!isLetter(before) && (!isLetter(after) || /[가-힣]/.test(after ?? ""))) return at;
  }
  return -1;
}

export function hasPhrase(text: SearchableText, phrase: string): boolean {
  return phraseAt(text, phrase) >= 0;
}

/** The canonical names of the terms a text uses. */
export function termsIn(text: string, terms: readonly DomainTerm[]): Set<string> {
  const source = searchable(text);
  return new Set(
    terms
      .filter(({ variants }) => variants.some((variant) => hasPhrase(source, variant)))
      .map(({ term }) => term),
  );
}

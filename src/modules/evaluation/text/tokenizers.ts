import { hasHangul } from "./hangul.ts";
import { splitParticle } from "./korean-particles.ts";
import { toNfc } from "./normalize.ts";

/**
 * The named tokenizers. A score is comparable only with scores of the same tokenizer, so its name is in the evidence.
 * - `unicode-word`: lower-cased runs of letters, marks and digits of any script; `1,000.5` is one token, `1000.5`.
 * - `korean-particle`: `unicode-word` with the particle of a Korean word taken off.
 * - `korean-split`: `unicode-word` with the particle of a Korean word as a token of its own.
 * - `char`: code points without white space, case kept.
 * - `13a`: mteval-v13a as WMT and sacrebleu use it, case kept.
 * - `whitespace`: split at white space, case kept.
 * - `ascii-word`: lower-cased runs of a-z and 0-9, as the original rouge-score; Korean text has no token at all.
 * - `squad`: lower case, no ASCII punctuation, no English article, split at white space.
 */
export const tokenizerNames = [
  "unicode-word",
  "korean-particle",
  "korean-split",
  "char",
  "13a",
  "whitespace",
  "ascii-word",
  "squad",
] as const;
export type TokenizerName = (typeof tokenizerNames)[number];

const tokenizers: Readonly<Record<TokenizerName, (text: string) => string[]>> = {
  "unicode-word": unicodeWords,
  "korean-particle": (text) => unicodeWords(text).map((word) => splitParticle(word).stem),
  "korean-split": (text) => unicodeWords(text).flatMap(withParticle),
  char: (text) => Array.from(text.replace(/\s+/gu, "")),
  "13a": mtevalTokens,
  whitespace: splitAtSpace,
  "ascii-word": (text) => text.toLowerCase().match(/[a-z0-9]+/g) ?? [],
  squad: squadTokens,
};

/** Cuts a text into tokens with the named tokenizer; the text is composed (NFC) first. Time is linear in its length. */
export function tokenize(name: TokenizerName, text: string): string[] {
  return tokenizers[name](toNfc(text));
}

/** The tokenizer `auto` stands for: `char` when the text has Hangul, else `13a`. Decided on a reference, never an output. */
export function tokenizerFor(text: string): TokenizerName {
  return hasHangul(toNfc(text)) ? "char" : "13a";
}

function unicodeWords(text: string): string[] {
  const words =
    text.toLowerCase().match(/\p{N}+(?:[.,]\p{N}+)*[\p{L}\p{M}\p{N}]*|[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.map((word) => (word.includes(",") ? word.replace(/(\d),(?=\d{3})/g, "$1") : word));
}

function withParticle(word: string): string[] {
  const { stem, particle } = splitParticle(word);
  return particle === "" ? [stem] : [stem, particle];
}

function splitAtSpace(text: string): string[] {
  return text.split(/\s+/u).filter((token) => token !== "");
}

function mtevalTokens(text: string): string[] {
  const line = text
    .trimEnd()
    .replaceAll("<skipped>", "")
    .replaceAll("-\n", "")
    .replaceAll("\n", " ")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");
  const spaced = ` ${line} `
    .replace(/[{-~[-` -&(-+:-@/]/g, " $& ")
    .replace(/([^0-9])([.,])/g, "$1 $2 ")
    .replace(/([.,])([^0-9])/g, " $1 $2")
    .replace(/([0-9])(-)/g, "$1 $2 ");
  return splitAtSpace(spaced);
}

function squadTokens(text: string): string[] {
  const bare = text.toLowerCase().replace(/[!-/:-@[-`{-~]/g, "");
  return splitAtSpace(bare.replace(/\b(?:a|an|the)\b/g, " "));
}

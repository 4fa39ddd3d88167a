/** Canonical composition (NFC): decomposed jamo become syllables, so that equal Korean text is equal code points. */
export function toNfc(text: string): string {
  return text.normalize("NFC");
}

/** NFC, lower case, every run of white space one space, no white space at the ends. */
export function foldText(text: string): string {
  return toNfc(text).toLowerCase().replace(/\s+/gu, " ").trim();
}

/** True when a text has nothing but white space. */
export function isBlank(text: string): boolean {
  return !/\S/u.test(text);
}

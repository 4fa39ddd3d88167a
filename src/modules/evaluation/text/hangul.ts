const firstSyllable = 0xac00;
const lastSyllable = 0xd7a3;
const finalsPerVowel = 28;
export const finalRieul = 8;

/** The final consonant of a precomposed Hangul syllable: 0 for none, 8 for rieul; undefined for any other character. */
export function finalConsonant(character: string): number | undefined {
  const code = character.charCodeAt(0);
  if (!(code >= firstSyllable && code <= lastSyllable)) return undefined;
  return (code - firstSyllable) % finalsPerVowel;
}

/** True when the character is a precomposed Hangul syllable. */
export function isHangul(character: string | undefined): boolean {
  return character !== undefined && finalConsonant(character) !== undefined;
}

/** True when the text has at least one precomposed Hangul syllable. */
export function hasHangul(text: string): boolean {
  return /[\uac00-\ud7a3]/.test(text);
}

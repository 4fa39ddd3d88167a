/** A piece of a text and where it stands, in UTF-16 offsets of the text. */
export interface TextSpan {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const abbreviations =
  /(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|vs|etc|e\.g|i\.e|no|art|sec|inc|ltd|co|fig|approx)\.$/i;

/**
 * Splits Korean and English text into sentences: at line ends, and after `.`, `!`, `?` and their full-width forms with
 * the closing quotes and brackets after them, when white space or the end follows. A full stop after a known English
 * abbreviation, a single initial or a list number does not end a sentence; one inside a number is never followed by space.
 */
export function splitSentences(text: string): TextSpan[] {
  const spans: TextSpan[] = [];
  let start = 0;
  const push = (end: number): void => {
    const raw = text.slice(start, end);
    const lead = raw.length - raw.trimStart().length;
    const trimmed = raw.trim();
    if (trimmed !== "") spans.push({ text: trimmed, from: start + lead, to: start + lead + trimmed.length });
    start = end;
  };
  for (const match of text.matchAll(/\n+|(?<![.!?。！？])[.!?。！？]+["'”’)\]」』]*(?=\s|$)/gu)) {
    const end = match.index + match[0].length;
    if (match[0] === "." && isInnerStop(text.slice(Math.max(start, end - 12), end))) continue;
    push(end);
  }
  push(text.length);
  return spans;
}

function isInnerStop(tail: string): boolean {
  return abbreviations.test(tail) || /(?:^|\s)[A-Z]\.$/.test(tail) || /^\s*\d{1,2}\.$/.test(tail);
}

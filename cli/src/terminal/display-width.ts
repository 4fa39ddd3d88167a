const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** East Asian Wide and Fullwidth blocks (Unicode UAX 11), with the emoji that terminals draw on two cells. */
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe4f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1faff],
  [0x20000, 0x3fffd],
];

/** The cells that a text takes on a terminal: 2 for wide letters such as Hangul, 0 for marks that join another. */
export function displayWidth(text: string): number {
  let cells = 0;
  for (const { segment } of segmenter.segment(text)) cells += graphemeWidth(segment);
  return cells;
}

function graphemeWidth(grapheme: string): number {
  const point = grapheme.codePointAt(0) ?? 0;
  if (/^[\p{M}\p{Cf}\p{Cc}]/u.test(grapheme)) return 0;
  return wide.some(([from, to]) => point >= from && point <= to) ? 2 : 1;
}

/** Fills a text up to `cells`; one that is longer stays as it is. */
export function pad(text: string, cells: number, align: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, cells - displayWidth(text)));
  return align === "right" ? space + text : text + space;
}

/** Cuts a text to `cells`, with an ellipsis where something is missing. */
export function cut(text: string, cells: number): string {
  if (displayWidth(text) <= cells) return text;
  let kept = "";
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    const width = graphemeWidth(segment);
    if (used + width > cells - 1) break;
    kept += segment;
    used += width;
  }
  return `${kept}…`;
}

/** A text from elsewhere made safe to print: control characters, which could drive the terminal, become spaces. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed.
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, " ");
}

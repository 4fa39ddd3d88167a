/** A number read from a text: its value, where it ends, and how it was written. */
export interface ReadNumber {
  readonly value: number;
  readonly end: number;
  /** Without a digit: `천만`, `삼십`. */
  readonly inWords: boolean;
  /** The last 만, 억, 조 or 천 that closed the number, 1 without; `5천만` has 10,000,000. */
  readonly scale: number;
}

const digitWords = new Map([..."일이삼사오육칠팔구"].map((word, index) => [word, index + 1]));
digitWords.set("륙", 6);
const smallScales = new Map([
  ["십", 10],
  ["백", 100],
  ["천", 1000],
]);
const bigScales = new Map([
  ["만", 1e4],
  ["억", 1e8],
  ["조", 1e12],
  ["경", 1e16],
]);
/** Longer runs of digits are identifiers, not numbers. */
const largest = 1e18;
const digits = /\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?/y;

/**
 * Reads an Arabic, Sino-Korean or mixed number at `start`: `1,000,000`, `12.5`, `5천만`, `1억 5천만`, `3천5백`,
 * `일억 오천만`, `천만`. Units of 십, 백, 천 build a section, 만, 억, 조, 경 close it in falling order. `조` and `경` count
 * only before money or more digits (not in `제3조`), `만` not in `만큼`. Undefined when no number starts there.
 */
export function readKoreanNumber(text: string, start: number): ReadNumber | undefined {
  let at = start;
  let total = 0;
  let section = 0;
  let current: number | undefined;
  let last = Number.POSITIVE_INFINITY;
  let lastSmall = Number.POSITIVE_INFINITY;
  let scale = 1;
  let sawDigit = false;
  let end = start;
  for (;;) {
    const place = skipInnerSpace(text, at, start);
    const character = text[place] ?? "";
    const small = smallScales.get(character);
    const big = bigScales.get(character);
    if (small !== undefined && small < lastSmall) {
      section += (current ?? 1) * small;
      current = undefined;
      lastSmall = small;
      scale = small;
      at = place + 1;
    } else if (big !== undefined && big < last && mayScale(text, place, start, end > start)) {
      const closed = section + (current ?? 0);
      total += (closed === 0 ? 1 : closed) * big;
      section = 0;
      current = undefined;
      last = big;
      lastSmall = Number.POSITIVE_INFINITY;
      scale = lastScale(text, place, big);
      at = place + 1;
    } else if (current === undefined) {
      const read = readDigits(text, place);
      if (read === undefined) break;
      current = read.value;
      sawDigit ||= read.digits;
      at = read.end;
    } else break;
    end = at;
  }
  if (end === start) return undefined;
  return {
    value: exact(total + section + (current ?? 0)),
    end,
    inWords: !sawDigit,
    scale: current === undefined ? scale : 1,
  };
}

/** Takes the noise of binary fractions off a product such as 1.1 × 100,000,000. */
export function exact(value: number): number {
  return Number(value.toPrecision(15));
}

function readDigits(
  text: string,
  place: number,
): { value: number; end: number; digits: boolean } | undefined {
  const word = digitWords.get(text[place] ?? "");
  if (word !== undefined) return { value: word, end: place + 1, digits: false };
  digits.lastIndex = place;
  const match = digits.exec(text);
  if (match === null) return undefined;
  const value = Number(match[0].replaceAll(",", ""));
  return value > largest ? undefined : { value, end: place + match[0].length, digits: true };
}

/** One space may stand inside a number after 만, 억, 조 before more of it, and before a scale: `1억 5천만`, `100 만`. */
function skipInnerSpace(text: string, at: number, start: number): number {
  if (at === start || text[at] !== " ") return at;
  const next = text[at + 1] ?? "";
  if (bigScales.has(text[at - 1] ?? "") && (/\d/.test(next) || opensScaled(text, at + 1))) return at + 1;
  return /[만억]/.test(next) &&
    /^.(?:\s?원|\s?달러|\s?\d|\s?[일이삼사오육칠팔구]?[천백십])/.test(text.slice(at + 1, at + 6))
    ? at + 1
    : at;
}

function opensScaled(text: string, at: number): boolean {
  return (
    /^[일이삼사오육칠팔구]?[십백천]/.test(text.slice(at, at + 2)) ||
    /^[일이삼사오육칠팔구]만/.test(text.slice(at, at + 2))
  );
}

function mayScale(text: string, place: number, start: number, hasNumber: boolean): boolean {
  const character = text[place];
  const after = text.slice(place + 1, place + 5);
  if (character === "만") return !after.startsWith("큼") && (hasNumber || /^\s?원/.test(after));
  if (character === "억") return hasNumber;
  return (
    hasNumber &&
    text[start - 1] !== "제" &&
    /^\s?(?:원|달러|엔|유로|위안|\d|[일이삼사오육칠팔구]?[천백십억만])/.test(after)
  );
}

function lastScale(text: string, place: number, big: number): number {
  return big * (smallScales.get(text[place - 1] ?? "") ?? 1);
}

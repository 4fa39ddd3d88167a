import { readDate } from "./calendar-dates.ts";
import { readEnglishNumber, readMagnitude } from "./english-numerals.ts";
import { isHangul } from "./hangul.ts";
import { exact, readKoreanNumber } from "./korean-numerals.ts";
import { toNfc } from "./normalize.ts";
import { joinRanges } from "./quantity-ranges.ts";
import { type QuantityKind, readCurrencyBefore, readUnit } from "./quantity-units.ts";

export type Comparison = "eq" | "approx" | "gte" | "lte" | "gt" | "lt" | "range";

/** A number with its unit as a text states it. */
export interface Quantity {
  /** The number, or the lower bound of a range. */
  readonly value: number;
  /** The upper bound; only with the comparison `range`. */
  readonly upper?: number;
  /** ISO currency, `percent`, `day`, `person`, ... or `""` when none is written. */
  readonly unit: string;
  readonly kind: QuantityKind;
  readonly comparison: Comparison;
  /** UTF-16 offsets into the NFC form of the text. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** The last Korean scale the number was written with, 1 without: 10,000 in `3만`. */
  readonly scale: number;
}

const starts =
  /\d|[일이삼사오육칠팔구십백천만]|(?<![가-힣])(?:한|두|세|석|네|넉|다섯|여섯|일곱|여덟|아홉|열)(?=\s?(?:달|명|개|시간|배|가지|건|차례|사람))|(?<![a-z])(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/giu;

const nativeNumbers = new Map(
  [
    ["한"],
    ["두"],
    ["세", "석"],
    ["네", "넉"],
    ["다섯"],
    ["여섯"],
    ["일곱"],
    ["여덟"],
    ["아홉"],
    ["열"],
  ].flatMap((words, index) => words.map((word): [string, number] => [word, index + 1])),
);

/** A word-only number may follow one of these without a space (`월십만원`); after any other syllable it is part of a noun. */
const openers = new Set([..."월연총약각매금"]);

/**
 * Every number of a Korean or English text with its unit, range and comparison: `1,000,000원`, `5천만원`, `1억 5천만원`,
 * `3만~5만원`, `12.5%`, `30일 이상`, `천만 원`, `일억 오천만 원`, `$1,200.50`, `1.5M`, `thirty days`, `at least 3 years`, and
 * calendar dates. Version and telephone numbers, digits glued to letters (`H2O`, `GPT-4`) and the base of a rate (`1일당`)
 * are not quantities; `제3조` is a label.
 */
export function parseQuantities(text: string): Quantity[] {
  const source = toNfc(text);
  const found: Quantity[] = [];
  let end = 0;
  for (const match of source.matchAll(starts)) {
    if (match.index < end) continue;
    const quantity = readQuantity(source, match.index, match[0]);
    if (quantity === undefined) {
      if (/\d/.test(match[0])) end = skipDigits(source, match.index);
      continue;
    }
    end = quantity.to;
    if (source[end] !== "당") found.push(quantity);
  }
  return joinRanges(source, found);
}

const digitRun = /[\d.,:-]+/y;

function skipDigits(text: string, start: number): number {
  digitRun.lastIndex = start;
  return digitRun.test(text) ? digitRun.lastIndex : start + 1;
}

function readQuantity(text: string, start: number, first: string): Quantity | undefined {
  if (/\d/.test(first) && isGluedToLetters(text, start)) return undefined;
  const date = readDate(text, start);
  if (date !== undefined) {
    return {
      value: date.value,
      unit: date.unit,
      kind: "date",
      comparison: "eq",
      from: start,
      to: date.end,
      text: text.slice(start, date.end),
      scale: 1,
    };
  }
  if (/^[a-z]/i.test(first)) return readEnglish(text, start);
  const native = nativeNumbers.get(first);
  if (native !== undefined) return withUnit(text, start, native, start + first.length);
  return readKorean(text, start);
}

function readEnglish(text: string, start: number): Quantity | undefined {
  const number = readEnglishNumber(text, start);
  return number === undefined ? undefined : withUnit(text, start, number.value, number.end);
}

function readKorean(text: string, start: number): Quantity | undefined {
  const number = readKoreanNumber(text, start);
  if (number === undefined) return undefined;
  if (number.inWords) return readWords(text, start, number.value, number.end, number.scale);
  const rest = text.slice(number.end, number.end + 12);
  if (/^(?:\.\d|:\d\d|(?:st|nd|rd|th)\b)/.test(rest) || isTelephone(text, start)) return undefined;
  const part = /^분의\s?(\d+(?:\.\d+)?)/.exec(rest);
  if (part !== null && number.value !== 0) {
    const fraction = { value: exact(Number(part[1]) / number.value), unit: "", kind: "number" } as const;
    return finish(text, start, number.end + part[0].length, fraction, 1);
  }
  const currency = readCurrencyBefore(text, start);
  const magnitude = readMagnitude(text, number.end, currency !== undefined);
  const value = exact(number.value * magnitude.factor);
  if (currency !== undefined) {
    return finish(
      text,
      currency.from,
      magnitude.end,
      { value, unit: currency.unit, kind: "money" },
      number.scale,
    );
  }
  const unit = readUnit(text, magnitude.end);
  if (unit !== undefined)
    return finish(text, start, unit.end, { value, unit: unit.unit, kind: unit.kind }, number.scale);
  if (/^[a-z]/i.test(text.slice(magnitude.end, magnitude.end + 1))) return undefined;
  return finish(text, start, magnitude.end, { value, unit: "", kind: "number" }, number.scale);
}

/** A number in Korean words stands alone before its noun and needs a unit, else it is any syllable of any word. */
function readWords(
  text: string,
  start: number,
  value: number,
  end: number,
  scale: number,
): Quantity | undefined {
  const before = text[start - 1];
  if (isHangul(before) && !openers.has(before ?? "")) return undefined;
  const written = text.slice(start, end);
  const unit = readUnit(text, end);
  const glued = unit !== undefined && text[end] !== " ";
  const plain = !/[십백천만억조]/.test(written);
  if (unit !== undefined && (!plain || unit.kind === "percent" || (glued && /month|year/.test(unit.unit)))) {
    return finish(text, start, unit.end, { value, unit: unit.unit, kind: unit.kind }, scale);
  }
  if (unit === undefined && written.endsWith("일") && /[십백]/.test(written)) {
    return finish(text, start, end, { value: value - 1, unit: "day", kind: "duration" }, 1);
  }
  return undefined;
}

function withUnit(text: string, start: number, value: number, end: number): Quantity | undefined {
  const unit = readUnit(text, end);
  if (unit === undefined) return undefined;
  return finish(text, start, unit.end, { value, unit: unit.unit, kind: unit.kind }, 1);
}

const comparisonsAfter: readonly (readonly [Comparison, RegExp])[] = [
  ["gte", /^\s?(?:간|동안)?\s?(?:이상|or (?:more|over|above)|and (?:over|above)|at (?:the )?least)/i],
  ["lte", /^\s?(?:간|동안)?\s?(?:이하|이내|까지|한도|or (?:less|under|below|fewer)|at (?:the )?most)/i],
  ["lt", /^\s?(?:간|동안)?\s?미만/],
  ["gt", /^\s?(?:간|동안)?\s?(?:초과|[을를]?\s?넘)/],
  ["gte", /^\s?부터/],
];
const comparisonsBefore: readonly (readonly [Comparison, RegExp])[] = [
  ["gte", /(?:최소|적어도|at least|no less than|not less than|no fewer than|minimum(?: of)?)\s?$/i],
  ["lte", /(?:최대|최고|up to|at most|no more than|not more than|within|maximum(?: of)?|limit of)\s?$/i],
  ["gt", /(?:(?<!no |not )more than|over|above|exceed(?:s|ing)?)\s?$/i],
  ["lt", /(?:(?<!no |not )(?:less|fewer) than|under|below)\s?$/i],
  ["approx", /(?:약|대략|about|approximately|around|roughly)\s?$/i],
];

function finish(
  text: string,
  from: number,
  to: number,
  measured: { readonly value: number; readonly unit: string; readonly kind: QuantityKind },
  scale: number,
): Quantity {
  const sign = /(?:^|[\s(])[-−]$/.test(text.slice(Math.max(0, from - 2), from)) ? -1 : 1;
  const before = text.slice(Math.max(0, from - 18), from);
  const after = text.slice(to, to + 16);
  const comparison =
    comparisonsAfter.find(([, pattern]) => pattern.test(after))?.[0] ??
    comparisonsBefore.find(([, pattern]) => pattern.test(before))?.[0] ??
    "eq";
  const start = sign < 0 ? from - 1 : from;
  return {
    ...measured,
    value: sign * measured.value,
    comparison,
    from: start,
    to,
    text: text.slice(start, to),
    scale,
  };
}

/** `H2O`, `v2`, `GPT-4`: the digits belong to a name. */
function isGluedToLetters(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 2), start);
  if (isHangul(before.at(-1)) || readCurrencyBefore(text, start) !== undefined) return false;
  return /[\p{L}_]$/u.test(before) || /[a-z]-$/i.test(before);
}

function isTelephone(text: string, start: number): boolean {
  const number = /^(?:\d{2,4}-)?\d{3,4}-\d{4}(?!\d)/.exec(text.slice(start, start + 16))?.[0];
  return number !== undefined && readUnit(text, start + number.length) === undefined;
}

export type QuantityKind =
  | "number"
  | "money"
  | "percent"
  | "duration"
  | "date"
  | "time"
  | "count"
  | "measure"
  | "label";

export interface QuantityUnit {
  readonly unit: string;
  readonly kind: QuantityKind;
}

const money = "KRW USD EUR JPY CNY GBP";

/**
 * Units as they stand after a number; the pattern is tried at the end of the number, after at most one space. A
 * negative look-ahead keeps a one-syllable unit from being the start of another noun (`3회사`, `2주택`).
 */
const rows: readonly (readonly [QuantityKind, string, string])[] = [
  ["percent", "percent_point", "%\\s?(?:p(?![a-z])|포인트)|퍼센트\\s?포인트|percentage points?"],
  ["percent", "percent", "%|％|퍼센트|프로(?![가-힣])|per\\s?cent(?![a-z])"],
  ["money", "KRW", "원(?!룸)|won(?![a-z])|krw(?![a-z])"],
  ["money", "USD", "달러|불(?![가-힣])|(?:us )?dollars?(?![a-z])|usd(?![a-z])"],
  ["money", "EUR", "유로|euros?(?![a-z])|eur(?![a-z])"],
  ["money", "JPY", "엔(?![가-힣])|yen(?![a-z])|jpy(?![a-z])"],
  ["money", "CNY", "위안|yuan(?![a-z])|cny(?![a-z])|rmb(?![a-z])"],
  ["money", "GBP", "파운드|pounds?(?![a-z])|gbp(?![a-z])"],
  ["duration", "month", "개월|달(?![러력성])|months?(?![a-z])"],
  ["duration", "week", "주일?(?![택식주민소의가])|weeks?(?![a-z])"],
  ["duration", "hour", "시간|hours?(?![a-z])|hrs?(?![a-z])"],
  ["duration", "minute", "분(?![의기류야석할쟁납담배])|minutes?(?![a-z])|mins?(?![a-z])"],
  ["duration", "second", "초(?![과기등보])|seconds?(?![a-z])|secs?(?![a-z])"],
  ["duration", "year", "년|years?(?![a-z])|yrs?(?![a-z])"],
  ["duration", "day", "영업일|일(?!반|본|요일|종)|days?(?![a-z])"],
  ["date", "month-of-year", "월"],
  ["time", "hour-of-day", "시(?![작장점험행])"],
  ["count", "age", "세(?![대금트계기무])|살(?![가-힣]*리)"],
  ["count", "person", "명(?![령시의단칭])|인(?![상하])|people(?![a-z])|persons?(?![a-z])"],
  ["count", "time", "회(?![사원의계비])|번|차례|times?(?![a-z])"],
  ["count", "item", "개(?![월선정인별시발])|건(?![강물설조])|가지|items?(?![a-z])|cases?(?![a-z])"],
  ["count", "multiple", "배(?![당우상])"],
  ["measure", "km", "km(?![a-z])|킬로미터|kilomet(?:er|re)s?"],
  ["measure", "m", "m(?![a-z²])|미터|met(?:er|re)s?(?![a-z])"],
  ["measure", "cm", "cm(?![a-z])|센티미터"],
  ["measure", "kg", "kg(?![a-z])|킬로그램|kilograms?"],
  ["measure", "g", "g(?![a-z])|그램|grams?(?![a-z])"],
  ["measure", "celsius", "℃|°c(?![a-z])"],
  ["measure", "degree", "도(?![가-힣])"],
  ["measure", "square-metre", "㎡|m²|제곱미터"],
  ["label", "article", "조(?!건)"],
  ["label", "paragraph", "항(?![목])"],
  ["label", "item-number", "호(?![가-힣]{2})"],
  ["label", "grade", "등급|급(?![여액])"],
  ["label", "class", "종(?![류합])"],
  ["label", "ordinal", "차(?![량이])|위(?![험치])"],
];

const matchers = rows.map(([kind, unit, pattern]) => ({
  kind,
  unit,
  pattern: new RegExp(`\\s?(?:${pattern})`, "iy"),
}));

/** The unit that follows a number at `at`, and where it ends. */
export function readUnit(text: string, at: number): (QuantityUnit & { readonly end: number }) | undefined {
  for (const { kind, unit, pattern } of matchers) {
    pattern.lastIndex = at;
    if (pattern.test(text)) return { kind, unit, end: pattern.lastIndex };
  }
  return undefined;
}

const prefixes = new Map([
  ["$", "USD"],
  ["₩", "KRW"],
  ["￦", "KRW"],
  ["€", "EUR"],
  ["£", "GBP"],
  ["¥", "JPY"],
]);

/** The currency written before a number that starts at `at` (`$`, `US$`, `₩`, `KRW `), and where its sign starts. */
export function readCurrencyBefore(
  text: string,
  at: number,
): { readonly unit: string; readonly from: number } | undefined {
  const before = text.slice(Math.max(0, at - 4), at);
  const sign = /(?:US)?([$₩￦€£¥])\s?$/.exec(before);
  if (sign !== null) return { unit: prefixes.get(sign[1] ?? "") ?? "USD", from: at - sign[0].length };
  const code = /(?<![a-z])([a-z]{3})\s?$/i.exec(before);
  const name = (code?.[1] ?? "").toUpperCase();
  return code !== null && money.split(" ").includes(name)
    ? { unit: name, from: at - code[0].length }
    : undefined;
}

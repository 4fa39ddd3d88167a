import { exact } from "./korean-numerals.ts";
import type { Quantity } from "./quantities.ts";

/**
 * Joins neighbours such as `3만` and `5만원`, `30` and `60 days`, `10%` and `20%` into one range when only `~`, a dash,
 * `to`, `에서` or `부터` stands between them and the units agree. The lower bound takes the unit of the upper one, and
 * its scale where it is the smaller coefficient (`3~5만원` is 30,000 to 50,000).
 */
export function joinRanges(text: string, quantities: readonly Quantity[]): Quantity[] {
  const joined: Quantity[] = [];
  for (const next of quantities) {
    const previous = joined.at(-1);
    const range = previous === undefined ? undefined : rangeOf(text, previous, next);
    if (range === undefined) joined.push(next);
    else joined[joined.length - 1] = range;
  }
  return joined;
}

function rangeOf(text: string, low: Quantity, high: Quantity): Quantity | undefined {
  if (low.upper !== undefined || high.kind === "label" || !linked(text, low, high)) return undefined;
  const sameUnit = low.unit === high.unit;
  if (!sameUnit && low.unit !== "") return undefined;
  const value = low.unit === "" ? lowerBound(low, high) : low.value;
  if (value > high.value) return undefined;
  const tail = /^\s?(?:까지|사이)/.exec(text.slice(high.to, high.to + 4))?.[0].length ?? 0;
  const to = high.to + tail;
  return {
    ...high,
    value,
    upper: high.value,
    comparison: "range",
    from: low.from,
    to,
    text: text.slice(low.from, to),
  };
}

/** `3~5백만원` and `5천~7천만원` leave the scale to the upper bound, wherever that keeps the lower one below it. */
function lowerBound(low: Quantity, high: Quantity): number {
  const big = [1e16, 1e12, 1e8, 1e4].find((scale) => high.scale >= scale) ?? 1;
  if (low.scale === 1 && low.value * high.scale < high.value) return exact(low.value * high.scale);
  return low.scale < 1e4 && low.value * big < high.value ? exact(low.value * big) : low.value;
}

function linked(text: string, low: Quantity, high: Quantity): boolean {
  const gap = text.slice(low.to, high.from);
  if (/^\s?[~∼〜–—]\s?$/u.test(gap)) return true;
  if (/^\s?-\s?$/.test(gap))
    return !/[-\d]/.test(text[low.from - 1] ?? "") && !/[-\d]/.test(text[high.to] ?? "");
  if (/^\s?(?:에서|부터)\s?$/.test(gap)) return !/^\s?(?:으로|로)/.test(text.slice(high.to, high.to + 4));
  if (/^\s?to\s?$/i.test(gap)) return true;
  return /^\s?and\s?$/i.test(gap) && /between\s?$/i.test(text.slice(Math.max(0, low.from - 9), low.from));
}

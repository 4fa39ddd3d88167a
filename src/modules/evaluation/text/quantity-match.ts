import { exact } from "./korean-numerals.ts";
import type { Comparison, Quantity } from "./quantities.ts";

/** Units that measure the same thing, in the base unit they are compared in. A month has no fixed number of days. */
const bases = new Map<string, readonly [string, number]>([
  ["year", ["month", 12]],
  ["week", ["second", 604_800]],
  ["day", ["second", 86_400]],
  ["hour", ["second", 3600]],
  ["minute", ["second", 60]],
  ["km", ["m", 1000]],
  ["cm", ["m", 0.01]],
  ["kg", ["g", 1000]],
]);

function inBase(quantity: Quantity): { unit: string; low: number; high: number } {
  const [unit, factor] = bases.get(quantity.unit) ?? [quantity.unit, 1];
  return {
    unit,
    low: exact(quantity.value * factor),
    high: exact((quantity.upper ?? quantity.value) * factor),
  };
}

/** Equal text for equal quantities whatever unit they are written in (`1년` and `12개월`); comparisons are left out. */
export function quantityKey(quantity: Quantity): string {
  const { unit, low, high } = inBase(quantity);
  return low === high ? `${unit}:${low}` : `${unit}:${low}..${high}`;
}

/**
 * How two comparisons must agree: `strict` equal; `compatible` also an unmarked or approximate number with an
 * inclusive bound (`30일` with `30일 이상`), never 이상 with 초과 or with 이하; `ignore` any.
 */
export type ComparisonRule = "strict" | "compatible" | "ignore";

/**
 * True when two quantities state the same: equal value in the same base unit. A number without a unit matches any unit
 * of its value (`20` with `20년`), and a range matches only the same range.
 */
export function sameQuantity(a: Quantity, b: Quantity, rule: ComparisonRule): boolean {
  const unitless = a.unit === "" || b.unit === "";
  const [left, right] = unitless ? [plain(a), plain(b)] : [inBase(a), inBase(b)];
  if (!unitless && left.unit !== right.unit) return false;
  if (unitless && (a.kind === "date") !== (b.kind === "date") && a.value > 9999) return false;
  return left.low === right.low && left.high === right.high && agree(a.comparison, b.comparison, rule);
}

function plain(quantity: Quantity): { unit: string; low: number; high: number } {
  return { unit: "", low: quantity.value, high: quantity.upper ?? quantity.value };
}

function agree(a: Comparison, b: Comparison, rule: ComparisonRule): boolean {
  if (rule === "ignore" || a === b) return true;
  if (rule === "strict") return false;
  const inclusive = (one: Comparison, other: Comparison): boolean =>
    (one === "eq" || one === "approx") &&
    (other === "eq" || other === "approx" || other === "gte" || other === "lte");
  return inclusive(a, b) || inclusive(b, a);
}

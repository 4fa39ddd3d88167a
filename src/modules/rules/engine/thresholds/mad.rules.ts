import type { Condition } from "../../../../../contracts/rule-conditions.ts";
import { medianAbsoluteDeviation, quantileOf } from "../windows/statistics.ts";
import type { Band } from "./band-model.ts";

export type MadCondition = Condition & { readonly kind: "mad" };

/** The latest values, oldest first. */
export interface MadModel {
  values: number[];
}

/** Of a normal distribution, the median absolute deviation is 0.6745 standard deviations. */
const perDeviation = 0.6745;
/** Of a normal distribution, the standard deviation is 1.253314 mean absolute deviations. */
const perMeanDeviation = 1.253314;

/**
 * The band around the median of some values: a score of `0.6745 · |x − median| / MAD` (Iglewicz and Hoaglin). Where the
 * MAD is 0, `|x − median| / (1.253314 · mean absolute deviation)`; where that is 0 too, any change is outside.
 */
export function medianBand(values: readonly number[], value: number, limit: number): Band {
  const middle = quantileOf(values, 0.5);
  const away = Math.abs(value - middle);
  const unit = unitOf(values, middle);
  if (unit === 0) return { middle, lower: middle, upper: middle, score: away === 0 ? 0 : Number.MAX_VALUE };
  return { middle, lower: middle - limit * unit, upper: middle + limit * unit, score: away / unit };
}

function unitOf(values: readonly number[], middle: number): number {
  const mad = medianAbsoluteDeviation(values);
  if (mad > 0) return mad / perDeviation;
  let sum = 0;
  for (const value of values) sum += Math.abs(value - middle);
  return values.length === 0 ? 0 : (sum / values.length) * perMeanDeviation;
}

/** The band by the values before this one; undefined until there are enough. */
export function madBand(
  model: MadModel | undefined,
  value: number,
  condition: MadCondition,
): Band | undefined {
  if (model === undefined || model.values.length < condition.minPoints) return undefined;
  return medianBand(model.values, value, condition.score);
}

export function learnMad(model: MadModel | undefined, value: number, condition: MadCondition): MadModel {
  return { values: [...(model?.values ?? []), value].slice(-condition.points) };
}

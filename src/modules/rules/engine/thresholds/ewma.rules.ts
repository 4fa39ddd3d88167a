import type { Condition } from "../../../../../contracts/rule-conditions.ts";
import { pull } from "../windows/statistics.ts";
import type { Band } from "./band-model.ts";

export type EwmaCondition = Condition & { readonly kind: "ewma" };

/** The running mean and variance; `frozenAt` is when the values became anomalous. */
export interface EwmaModel {
  n: number;
  at: number;
  mean: number;
  variance: number;
  frozenAt: number | null;
}

/** The band by what was learnt before this value; undefined until there are enough points. */
export function ewmaBand(
  model: EwmaModel | undefined,
  value: number,
  condition: EwmaCondition,
): Band | undefined {
  if (model === undefined || model.n < condition.minPoints) return undefined;
  const deviation = Math.max(Math.sqrt(model.variance), condition.floor);
  const width = deviation * condition.score;
  const score = Math.abs(value - model.mean) / deviation;
  return { middle: model.mean, lower: model.mean - width, upper: model.mean + width, score };
}

/**
 * Learns a value: `m' = m + α(x − m)`, `v' = (1 − α)(v + α(x − m)²)` with `α = 1 − 2^(−Δt/halfLife)`. While values are
 * anomalous it learns at `freezeRate`, for at most `maxFreezeMs`.
 */
export function learnEwma(
  model: EwmaModel | undefined,
  value: number,
  at: number,
  anomalous: boolean,
  condition: EwmaCondition,
): EwmaModel {
  if (model === undefined) return { n: 1, at, mean: value, variance: 0, frozenAt: null };
  const frozenAt = anomalous ? (model.frozenAt ?? at) : null;
  const frozen = frozenAt !== null && at - frozenAt < condition.maxFreezeMs;
  const alpha = pull(Math.max(0, at - model.at), condition.halfLifeMs) * (frozen ? condition.freezeRate : 1);
  const away = value - model.mean;
  return {
    n: model.n + 1,
    at,
    mean: model.mean + alpha * away,
    variance: (1 - alpha) * (model.variance + alpha * away * away),
    frozenAt,
  };
}

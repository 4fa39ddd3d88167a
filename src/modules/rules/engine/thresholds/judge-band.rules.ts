import type { Condition } from "../../../../../contracts/rule-conditions.ts";
import type { Verdict } from "../outputs.ts";
import type { Band, BandModel } from "./band-model.ts";
import { ewmaBand, learnEwma } from "./ewma.rules.ts";
import { learnMad, madBand } from "./mad.rules.ts";
import { learnSeasonal, seasonalBand } from "./seasonal.rules.ts";

export type BandCondition = Condition & { readonly kind: "ewma" | "mad" | "seasonal" };

const mostPoints = 1_000;

export interface Judgement {
  /** Whether it should open, and whether it should close; `unknown` until the baseline has learnt enough. */
  readonly open: Verdict;
  readonly close: Verdict;
  readonly band: Band | undefined;
}

/**
 * Judges a value against what the model has learnt before it, then learns it, in place. It opens when at least `share`
 * of the points of the trigger's window lie outside the band, and closes when that share of the recovery's window lies
 * inside; without those windows the value alone decides. Values in an excluded stretch teach nothing.
 */
export function judgeBand(model: BandModel, value: number, at: number, condition: BandCondition): Judgement {
  const band = bandOf(model, value, at, condition);
  const outside = band !== undefined && isOutside(value, band, condition);
  if (!condition.exclude.some(({ from, to }) => at >= from && at < to))
    learn(model, value, at, outside, condition);
  if (band === undefined) return { open: "unknown", close: "unknown", band };
  const { trigger, recovery } = condition;
  model.outside.push([at, outside ? 1 : 0]);
  const longest = Math.max(trigger?.windowMs ?? 0, recovery?.windowMs ?? 0);
  model.outside = model.outside.filter(([when], i) => when > at - longest || i === model.outside.length - 1);
  if (model.outside.length > mostPoints) model.outside.splice(0, model.outside.length - mostPoints);
  const open = trigger === undefined ? outside : shareOf(model, at, trigger.windowMs, 1) >= trigger.share;
  const close = recovery === undefined ? !open : shareOf(model, at, recovery.windowMs, 0) >= recovery.share;
  return { open: open ? "true" : "false", close: close ? "true" : "false", band };
}

function bandOf(model: BandModel, value: number, at: number, condition: BandCondition): Band | undefined {
  switch (condition.kind) {
    case "ewma":
      return ewmaBand(model.ewma, value, condition);
    case "mad":
      return madBand(model.mad, value, condition);
    default:
      return seasonalBand(model.seasonal, value, at, condition);
  }
}

function learn(
  model: BandModel,
  value: number,
  at: number,
  outside: boolean,
  condition: BandCondition,
): void {
  switch (condition.kind) {
    case "ewma":
      model.ewma = learnEwma(model.ewma, value, at, outside, condition);
      break;
    case "mad":
      model.mad = learnMad(model.mad, value, condition);
      break;
    default:
      model.seasonal = learnSeasonal(model.seasonal, value, at, condition);
  }
}

function isOutside(value: number, band: Band, { side, minChange, score }: BandCondition): boolean {
  if (band.score <= score || Math.abs(value - band.middle) < minChange) return false;
  return side === "both" || (side === "above" ? value > band.middle : value < band.middle);
}

/** The share of the points in `(at − windowMs, at]` that lie outside (1) or inside (0). */
function shareOf({ outside }: BandModel, at: number, windowMs: number, wanted: 0 | 1): number {
  let [all, some] = [0, 0];
  for (const [when, was] of outside) {
    if (when <= at - windowMs && when !== at) continue;
    all += 1;
    if (was === wanted) some += 1;
  }
  return all === 0 ? 0 : some / all;
}

import type { Condition } from "../../../../../contracts/rule-conditions.ts";
import { localParts } from "../../expr/functions/local-parts.ts";
import type { Band } from "./band-model.ts";
import { medianBand } from "./mad.rules.ts";

export type SeasonalCondition = Condition & { readonly kind: "seasonal" };

/** By local hour of the week (0 is Monday, 00:00): the mean of that hour in each of the latest weeks, oldest first. */
export interface SeasonalModel {
  slots: Record<string, [week: number, n: number, mean: number][]>;
}

const hours = 168;
const enough = 3;
const weekMs = 7 * 86_400_000;

/**
 * The band of the hour of the week a value falls into, from the same hour of earlier weeks; with fewer than three weeks
 * the neighbouring hours help; undefined when that is still too little. Hours are local, so clock changes move nothing.
 */
export function seasonalBand(
  model: SeasonalModel | undefined,
  value: number,
  at: number,
  condition: SeasonalCondition,
): Band | undefined {
  if (model === undefined) return undefined;
  const { slot, week } = slotOf(at, condition.zone);
  const own = samplesOf(model, slot, week, condition.weeks);
  if (own.length >= enough) return medianBand(own, value, condition.score);
  const around = [slot - 1, slot, slot + 1].flatMap((near) =>
    samplesOf(model, (near + hours) % hours, week, condition.weeks),
  );
  return around.length >= enough ? medianBand(around, value, condition.score) : undefined;
}

function samplesOf(model: SeasonalModel, slot: number, week: number, weeks: number): number[] {
  const kept = model.slots[slot] ?? [];
  return kept.filter(([when]) => when < week && when >= week - weeks).map(([, , mean]) => mean);
}

/** Learns a value, in place. */
export function learnSeasonal(
  model: SeasonalModel | undefined,
  value: number,
  at: number,
  condition: SeasonalCondition,
): SeasonalModel {
  const next = model ?? { slots: {} };
  const { slot, week } = slotOf(at, condition.zone);
  const kept = (next.slots[slot] ?? []).filter(([when]) => when >= week - condition.weeks);
  const current = kept.find(([when]) => when === week);
  if (current === undefined) kept.push([week, 1, value]);
  else {
    current[1] += 1;
    current[2] += (value - current[2]) / current[1];
  }
  next.slots[slot] = kept.sort(([a], [b]) => a - b);
  return next;
}

/** The local hour of the week, and the number of that local week since 1970. */
export function slotOf(at: number, zone: string): { slot: number; week: number } {
  const local = localParts(at, zone);
  if (local === undefined) return { slot: 0, week: 0 };
  const sinceMonday = (local.weekday + 6) % 7;
  const monday = Date.UTC(local.year, local.month - 1, local.day - sinceMonday);
  return { slot: sinceMonday * 24 + local.hour, week: Math.floor((monday + 3 * 86_400_000) / weekMs) };
}

import type { FallbackTarget, OnCallSchedule } from "../../../../contracts/on-call.ts";
import { type Zone, zoneOf } from "../../../kernel/zone.ts";
import { layerEdgeAfter, layerUserAt } from "./rotation.rules.ts";

/** Who is on call and why. `layer` is the name of the layer that decides. */
export type OnCall =
  | { readonly source: "override"; readonly target: { readonly kind: "user"; readonly id: string } }
  | {
      readonly source: "layer";
      readonly layer: string;
      readonly target: { readonly kind: "user"; readonly id: string };
    }
  | { readonly source: "fallback"; readonly target: FallbackTarget };

/** A stretch [from, until) of a timeline, ms UTC, in which the same one is on call for the same reason. */
export interface Shift {
  readonly from: number;
  readonly until: number;
  readonly onCall: OnCall;
}

/** A timeline has no more shifts than this; it then ends early, with the last shift that it lists. */
export const mostShifts = 5000;

/**
 * Who is on call at an instant (ms UTC): the last override that holds, else the last layer with someone on duty, else
 * the fallback. There is always an answer.
 * @throws invalid_input `calendar.unknown_zone`
 */
export function whoIsOnCall(schedule: OnCallSchedule, at: number): OnCall {
  return onCallAt(schedule, zoneOf(schedule.zone), at);
}

/** Who is on call in [from, until), without a gap; neighbours differ. Empty when `until` is not after `from`. */
export function timeline(schedule: OnCallSchedule, from: number, until: number): Shift[] {
  const zone = zoneOf(schedule.zone);
  const shifts: Shift[] = [];
  let at = from;
  while (at < until && shifts.length < mostShifts) {
    const onCall = onCallAt(schedule, zone, at);
    const end = Math.min(edgeAfter(schedule, zone, at), until);
    const last = shifts.at(-1);
    if (last !== undefined && isSame(last.onCall, onCall)) shifts.splice(-1, 1, { ...last, until: end });
    else shifts.push({ from: at, until: end, onCall });
    at = end;
  }
  return shifts;
}

function onCallAt(schedule: OnCallSchedule, zone: Zone, at: number): OnCall {
  const override = schedule.overrides.findLast(
    ({ from, until }) => Date.parse(from) <= at && at < Date.parse(until),
  );
  if (override !== undefined) return { source: "override", target: { kind: "user", id: override.userId } };
  for (const layer of schedule.layers.toReversed()) {
    const id = layerUserAt(layer, zone, at);
    if (id !== null) return { source: "layer", layer: layer.name, target: { kind: "user", id } };
  }
  return { source: "fallback", target: schedule.fallback };
}

/** The first instant after `at` at which the answer may change; infinite when it can't. */
function edgeAfter(schedule: OnCallSchedule, zone: Zone, at: number): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { from, until } of schedule.overrides) {
    for (const edge of [Date.parse(from), Date.parse(until)]) if (edge > at) first = Math.min(first, edge);
  }
  for (const layer of schedule.layers) first = Math.min(first, layerEdgeAfter(layer, zone, at) ?? first);
  return first;
}

function isSame(one: OnCall, other: OnCall): boolean {
  if (one.source !== other.source || one.target.kind !== other.target.kind) return false;
  const layers = one.source === "layer" && other.source === "layer" ? one.layer === other.layer : true;
  return layers && one.target.id === other.target.id;
}

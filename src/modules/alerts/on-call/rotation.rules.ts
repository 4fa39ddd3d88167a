import type { RotationLayer } from "../../../../contracts/on-call.ts";
import { dayMs, dayOf, parseLocal } from "../../../kernel/civil.ts";
import { firstInstantOf, localAt, type Zone } from "../../../kernel/zone.ts";
import { clockMs, dutyEdgeAfter, onDuty } from "./duty-hours.rules.ts";

const hourMs = 3_600_000;

/** Whose turn it is in a layer at an instant; null before it starts, after it ends and outside its hours of duty. */
export function layerUserAt(layer: RotationLayer, zone: Zone, at: number): string | null {
  const turn = turnAt(layer, zone, at);
  if (turn < 0 || at >= endOf(layer, zone) || !onDuty(layer.dutyHours, zone, at)) return null;
  return layer.participants[turn % layer.participants.length] ?? null;
}

/** The first instant after `at` at which the layer's answer may change: a handover, its hours, its start or end. */
export function layerEdgeAfter(layer: RotationLayer, zone: Zone, at: number): number | null {
  const end = endOf(layer, zone);
  if (at >= end) return null;
  const turn = Math.max(turnAt(layer, zone, at), -1);
  const duty = dutyEdgeAfter(layer.dutyHours, zone, at) ?? Number.POSITIVE_INFINITY;
  const first = Math.min(turnStart(layer, zone, turn + 1), end, duty);
  return Number.isFinite(first) ? first : null;
}

/** The number of the turn at an instant, from 0; negative before the layer starts. */
function turnAt(layer: RotationLayer, zone: Zone, at: number): number {
  const { unit, count } = layer.turn;
  if (unit === "hour") return Math.floor((at - turnStart(layer, zone, 0)) / (count * hourMs));
  const days = dayOf(localAt(zone, at) - clockMs(layer.handoverAt)) - firstDay(layer);
  const turn = Math.floor(days / turnDays(layer));
  // Where a handover falls into a gap or an overlap the local clock alone may be a turn off.
  if (at < turnStart(layer, zone, turn)) return turn - 1;
  return at >= turnStart(layer, zone, turn + 1) ? turn + 1 : turn;
}

function turnStart(layer: RotationLayer, zone: Zone, turn: number): number {
  const { unit, count } = layer.turn;
  const first = firstDay(layer) * dayMs + clockMs(layer.handoverAt);
  if (unit === "hour") return firstInstantOf(zone, first) + turn * count * hourMs;
  return firstInstantOf(zone, first + turn * turnDays(layer) * dayMs);
}

function turnDays({ turn }: RotationLayer): number {
  return turn.unit === "week" ? turn.count * 7 : turn.count;
}

function firstDay({ startsOn }: RotationLayer): number {
  return dayOf(parseLocal(startsOn) ?? 0);
}

function endOf({ endsOn }: RotationLayer, zone: Zone): number {
  const local = endsOn === null ? null : parseLocal(endsOn);
  return local === null ? Number.POSITIVE_INFINITY : firstInstantOf(zone, local);
}

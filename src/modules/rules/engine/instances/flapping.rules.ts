import type { Flapping } from "../../../../../contracts/rule-conditions.ts";
import type { Instance } from "./instance.ts";

const evaluations = 20;

/**
 * How much an instance flaps, percent: of the last 20 evaluations those that changed the result, weighted from 0.8 for
 * the oldest to 1.18 for the newest (Icinga 2). `changes` has the newest in its lowest bit.
 */
export function flappingLevel(changes: number): number {
  let sum = 0;
  for (let i = 0; i < evaluations; i++) {
    const bit = (changes >> (evaluations - 1 - i)) & 1;
    sum += bit * (0.8 + 0.02 * i);
  }
  return (100 * sum) / evaluations;
}

export interface FlappingChange {
  readonly phase: "started" | "stopped";
  readonly level: number;
}

/**
 * Takes one evaluation that was true or false into account, in place; says when flapping started or stopped. Weighted
 * flapping starts above `high` and stops at or below `low`; by time, with at least `changes` changes in the last
 * `windowMs`, and stops with fewer.
 */
export function noteEvaluation(
  instance: Instance,
  isTrue: boolean,
  at: number,
  flapping: Flapping,
): FlappingChange | undefined {
  const changed = instance.lastTrue !== null && instance.lastTrue !== isTrue;
  instance.lastTrue = isTrue;
  if (flapping.kind === "weighted") {
    instance.changes = ((instance.changes << 1) | (changed ? 1 : 0)) & 0xfffff;
    const level = flappingLevel(instance.changes);
    return turn(instance, level, instance.flapping ? level > flapping.low : level > flapping.high);
  }
  const recent = (instance.changedAt ?? []).filter((time) => time > at - flapping.windowMs);
  if (changed) recent.push(at);
  instance.changedAt = recent.slice(-flapping.changes);
  return turn(instance, recent.length, recent.length >= flapping.changes);
}

function turn(instance: Instance, level: number, flaps: boolean): FlappingChange | undefined {
  if (flaps === instance.flapping) return undefined;
  instance.flapping = flaps;
  return { phase: flaps ? "started" : "stopped", level };
}

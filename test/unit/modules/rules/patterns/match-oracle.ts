import type { EventStep, PatternSpec } from "../../../../../contracts/rule-patterns.ts";
import { conditionOf, type Sample } from "./run-pattern.ts";

/** For each step of the pattern the indexes of the events it took. */
export type Assignment = readonly (readonly number[])[];

/**
 * Every match of a flat pattern without skipping, by trying every assignment of events to steps and checking it against
 * the definition. `end` is the index of the event that completes it, or Infinity when time does.
 */
export function allMatches(
  spec: PatternSpec,
  events: readonly Sample[],
): { assignment: Assignment; end: number }[] {
  const result: { assignment: Assignment; end: number }[] = [];
  const extend = (step: number, taken: number[][], last: number): void => {
    const current = spec.steps[step];
    if (current === undefined) {
      const end = new Check(spec, events, taken).end();
      if (end !== undefined) result.push({ assignment: taken.map((list) => [...list]), end });
      return;
    }
    if (current.kind !== "event") {
      extend(step + 1, [...taken, []], last);
      return;
    }
    const { min, max } = countsOf(current);
    const choose = (list: number[], from: number): void => {
      if (list.length >= min || (list.length === 0 && current.optional))
        extend(step + 1, [...taken, list], from);
      if (list.length >= max) return;
      for (let next = from + 1; next < events.length; next += 1) choose([...list, next], next);
    };
    choose([], last);
  };
  extend(0, [], -1);
  return result;
}

function countsOf(step: EventStep): { min: number; max: number } {
  if (step.times === undefined) return { min: 1, max: 1 };
  if (typeof step.times === "number") return { min: step.times, max: step.times };
  return { min: step.times.min, max: step.times.max ?? Number.POSITIVE_INFINITY };
}

interface Taken {
  readonly step: number;
  readonly rep: number;
  readonly at: number;
}

/** One assignment against the definition of the pattern. */
class Check {
  readonly spec: PatternSpec;
  readonly events: readonly Sample[];
  readonly taken: readonly Taken[];
  readonly counts: readonly number[];

  constructor(spec: PatternSpec, events: readonly Sample[], assignment: Assignment) {
    this.spec = spec;
    this.events = events;
    this.taken = assignment.flatMap((list, step) => list.map((at, rep) => ({ step, rep, at })));
    this.counts = assignment.map((list) => list.length);
  }

  /** The index of the event that completes the match; undefined when it is none. */
  end(): number | undefined {
    const first = this.taken[0];
    const last = this.taken.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const span = this.time(last.at) - this.time(first.at);
    if (this.spec.withinMs !== undefined && span >= this.spec.withinMs) return undefined;
    return this.taken.every((_, n) => this.follows(n)) ? this.tail() : undefined;
  }

  time(index: number): number {
    return this.events[index]?.at ?? 0;
  }

  /** Whether a condition is true of the event, knowing the first `known` events taken. */
  is(source: string | undefined, index: number, known: number): boolean {
    const event = this.events[index];
    if (source === undefined || event === undefined) return source === undefined;
    const vars: Record<string, number[]> = {};
    for (const { step, at } of this.taken.slice(0, known)) {
      const of = this.spec.steps[step];
      if (of?.kind === "event") vars[of.var] = [...(vars[of.var] ?? []), this.events[at]?.n ?? 0];
    }
    return conditionOf(source).test(event, vars) === true;
  }

  none(source: string | undefined, from: number, to: number, known: number): boolean {
    for (let z = from; z <= to; z += 1) if (this.is(source, z, known)) return false;
    return true;
  }

  /** Whether the n-th event taken may follow the one before. */
  follows(n: number): boolean {
    const { step, rep, at: y } = this.taken[n] ?? { step: 0, rep: 0, at: 0 };
    const of = this.spec.steps[step];
    if (of?.kind !== "event" || !this.is(of.where, y, n)) return false;
    if (of.until !== undefined && this.is(of.until, y, n)) return false;
    const before = this.taken[n - 1];
    const x = before?.at ?? y - 1;
    if (!this.sparesGreedy(before?.step ?? -1, step, x, y, n, rep)) return false;
    if (before === undefined) return true;
    const inner = of.consecutive ? "next" : of.allowCombinations ? "followedByAny" : "followedBy";
    const contiguity = rep > 0 ? inner : of.contiguity;
    if (contiguity === "next" && y !== x + 1) return false;
    if (contiguity === "followedBy" && !this.none(of.where, x + 1, y - 1, n)) return false;
    if (of.withinMs !== undefined && this.time(y) - this.time(x) >= of.withinMs) return false;
    if (rep > 0) {
      if (of.until !== undefined && !this.none(of.until, x + 1, y - 1, n)) return false;
      for (const not of this.nots(step, step + 1, true)) {
        const to = not.contiguity === "notFollowedBy" ? y : rep >= countsOf(of).min ? x + 1 : x;
        if (!this.none(not.where, x + 1, to, n)) return false;
      }
      return true;
    }
    return this.nots(before.step, step, false).every((not) =>
      this.none(not.where, x + 1, not.contiguity === "notFollowedBy" ? y - 1 : x + 1, n),
    );
  }

  /** Negated steps between two steps, or only those that stand directly after the first. */
  nots(from: number, to: number, direct: boolean) {
    const result: { where: string; contiguity: "notNext" | "notFollowedBy" }[] = [];
    for (let index = from + 1; direct || index < to; index += 1) {
      const step = this.spec.steps[index];
      if (step?.kind === "not") result.push(step);
      else if (direct) break;
    }
    return result;
  }

  /** No event that a greedy step left behind could still have taken lies in (x, y], until its end comes. */
  sparesGreedy(from: number, to: number, x: number, y: number, known: number, rep: number): boolean {
    if (rep > 0) return true;
    for (let index = Math.max(from, 0); index < to; index += 1) {
      const step = this.spec.steps[index];
      if (step?.kind !== "event" || !step.greedy) continue;
      const { min, max } = countsOf(step);
      const count = this.counts[index] ?? 0;
      if ((min === max && !step.optional) || count >= max) continue;
      for (let z = x + 1; z <= y; z += 1) {
        if (step.until !== undefined && this.is(step.until, z, known)) break;
        if (this.is(step.where, z, known)) return false;
      }
    }
    return true;
  }

  /** What must hold after the last event taken. */
  tail(): number | undefined {
    const last = this.taken.at(-1);
    const first = this.taken[0];
    if (last === undefined || first === undefined) return undefined;
    const known = this.taken.length;
    const length = this.spec.steps.length;
    const nots = this.nots(last.step, length, false);
    const final = this.spec.steps.at(-1);
    const nexts = nots.filter((not) => not.contiguity === "notNext");
    const x = last.at;
    const limit = this.time(first.at) + (this.spec.withinMs ?? Number.POSITIVE_INFINITY);
    const waits = final?.kind === "not" && final.contiguity === "notFollowedBy";
    const silent = x + 1 >= this.events.length || this.time(x + 1) >= limit;
    if (nexts.length > 0 && silent && !waits) return undefined;
    if (nexts.length > 0 && !silent) {
      if (nexts.some((not) => this.is(not.where, x + 1, known))) return undefined;
      const upTo = this.spec.steps.findLastIndex(
        (step) => step.kind === "not" && step.contiguity === "notNext",
      );
      if (!this.sparesGreedy(last.step, upTo, x, x + 1, known, 0)) return undefined;
    }
    if (!waits) return nexts.length > 0 ? x + 1 : x;
    let until = x;
    const end = final.withinMs === undefined ? limit : Math.min(limit, this.time(x) + final.withinMs);
    while (until + 1 < this.events.length && this.time(until + 1) < end) until += 1;
    const clean = nots
      .filter((not) => not.contiguity === "notFollowedBy")
      .every((not) => this.none(not.where, x + 1, until, known));
    if (!clean || !this.sparesGreedy(last.step, length, x, until, known, 0)) return undefined;
    return Number.POSITIVE_INFINITY;
  }
}

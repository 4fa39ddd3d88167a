import type { EventStep } from "../../../../contracts/rule-patterns.ts";
import { betweenRepetitions } from "./between-repetitions.rules.ts";
import {
  type Carried,
  type Draft,
  type Greedy,
  no,
  nothing,
  once,
  type Place,
  spare,
  yes,
} from "./drafts.ts";
import type { Around, PatternBuilder } from "./pattern-builder.ts";
import { timesOf } from "./spec-problems.rules.ts";

/** The place of a step that takes events: a stage for each number of them, and one for having passed others since. */
export function eventPlace<E>(builder: PatternBuilder<E>, step: EventStep, around: Around): Place {
  const { next, untils, path } = around;
  const { min, max, withinMs: gapMs } = timesOf(step.times);
  const leaf = builder.leaf(step.var);
  const where = builder.conditions.at([...path, "where"]);
  const until = builder.conditions.at([...path, "until"]);
  const mayRepeat = max === null || max > min || step.optional;
  const greedy: Greedy[] =
    step.greedy && mayRepeat
      ? [{ takes: builder.conditions.without(where, until), ...(until === undefined ? {} : { until }) }]
      : [];
  const inner = betweenRepetitions(step);
  const places = new Map<string, Place>();

  const at = (count: number, passed: boolean): Place =>
    once(places, `${count}${passed}`, () =>
      builder.drafts.place((draft, carried, id) => fill(draft, carried, id, count, passed)),
    );

  const fill = (draft: Draft, carried: Carried, id: number, count: number, passed: boolean) => {
    const begun = count > 0;
    const taken = count + 1;
    const mayLeave = !passed && (begun ? count >= min : step.optional);
    const ends = begun ? [...around.followingNots, ...(mayLeave ? around.followingNotNexts : [])] : [];
    const withinMs = begun ? (gapMs ?? step.withinMs) : step.withinMs;
    const full = taken === max;
    const to = full
      ? next.enter(nothing)
      : at(max === null ? Math.min(taken, min) : taken, false).enter(nothing);
    const reopen = full ? [...next.reopen, ...builder.reopenAt(step.every, id, [leaf])] : [];
    draft.takes.push({
      guard: [...yes(where), ...no(until, ...untils, ...ends), ...spare(carried)],
      leaves: [leaf],
      to,
      ...(withinMs === undefined ? {} : { withinMs }),
      ...(reopen.length === 0 ? {} : { reopen }),
    });
    const contiguity = begun ? inner : (around.contiguity ?? step.contiguity);
    if (contiguity !== "next" && !(contiguity === "followedBy" && where === undefined)) {
      draft.passes.push({
        guard: [
          ...no(...carried.nots),
          ...spare(carried),
          ...(contiguity === "followedBy" ? no(where) : []),
          ...(begun ? no(until, ...ends) : []),
          ...(begun || !around.unbegun ? no(...untils) : []),
        ],
        to: mayLeave ? at(count, true).enter(carried) : id,
      });
    }
    if (mayLeave) {
      const along = begun ? nothing : carried;
      draft.proceeds.push({
        guard: [],
        to: next.enter({ nots: along.nots, greedy: [...along.greedy, ...greedy] }),
      });
    }
  };
  return at(0, false);
}

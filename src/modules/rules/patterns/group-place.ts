import type { GroupStep } from "../../../../contracts/rule-patterns.ts";
import { betweenRepetitions } from "./between-repetitions.rules.ts";
import { once, type Place } from "./drafts.ts";
import type { Around, PatternBuilder } from "./pattern-builder.ts";
import { timesOf } from "./spec-problems.rules.ts";

/** The place of a group: its steps once more for each time that they may repeat, and the choice to leave after each. */
export function groupPlace<E>(builder: PatternBuilder<E>, step: GroupStep, around: Around): Place {
  const { min, max } = timesOf(step.times);
  const until = builder.conditions.at([...around.path, "until"]);
  const untils = until === undefined ? around.untils : [...around.untils, until];
  const inner = betweenRepetitions(step);
  const path = [...around.path, "steps"];
  const reopening = step.every ? builder.drafts.reopening(builder.leavesOf(step.steps)) : undefined;
  const leave: Place = {
    enter: (carried) => around.next.enter(carried),
    reopen: reopening === undefined ? around.next.reopen : [...around.next.reopen, reopening.index],
  };
  const rounds = new Map<number, Place>();

  const round = (count: number): Place =>
    once(rounds, count, () =>
      builder.sequence(step.steps, path, after(count + 1), {
        untils,
        unbegun: count === 0,
        contiguity: count === 0 ? (around.contiguity ?? step.contiguity) : inner,
        first: around.first && count === 0,
        last: false,
      }),
    );

  const after = (done: number): Place => {
    if (done === max) return leave;
    const count = max === null ? Math.min(done, min) : done;
    if (done < min) return { reopen: [], enter: (carried) => round(count).enter(carried) };
    return either(
      () => round(count),
      () => leave,
    );
  };

  const either = (one: () => Place, other: () => Place): Place =>
    builder.drafts.place((draft, carried) => {
      draft.proceeds.push({ guard: [], to: one().enter(carried) }, { guard: [], to: other().enter(carried) });
    });

  if (step.optional) {
    return either(
      () => round(0),
      () => around.next,
    );
  }
  return {
    reopen: [],
    enter: (carried) => {
      const to = round(0).enter(carried);
      reopening?.set(to);
      return to;
    },
  };
}

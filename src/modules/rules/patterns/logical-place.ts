import type { LogicalStep } from "../../../../contracts/rule-patterns.ts";
import { type Carried, type Draft, no, nothing, once, type Place, spare, yes } from "./drafts.ts";
import type { Around, PatternBuilder } from "./pattern-builder.ts";

type Side = "open" | "done" | "failed";
type Sides = readonly [Side, Side];

/**
 * The place of an `and` or `or` step. It has a stage for each pair of what its two sides have come to; an event may
 * fulfil both sides of `and` at once, and of `or` it fulfils the first it fits.
 */
export function logicalPlace<E>(builder: PatternBuilder<E>, step: LogicalStep, around: Around): Place {
  const leaves = step.sides.map((side) => builder.leaf(side.var));
  const where = step.sides.map((_, n) => builder.conditions.at([...around.path, "sides", n, "where"]));
  const hasAbsence = step.sides.some((side) => side.kind === "absence");
  const strict = step.contiguity === "next" && !hasAbsence;
  const places = new Map<string, Place>();
  let opened: number | undefined;

  const at = (sides: Sides): Place =>
    once(places, sides.join(), () =>
      builder.drafts.place((draft, carried, id) => fill(draft, carried, id, sides)),
    );

  const fill = (draft: Draft, carried: Carried, id: number, sides: Sides) => {
    opened ??= id;
    const reopen = [...around.next.reopen, ...builder.reopenAt(step.every, opened, leaves)];
    const leaving = { to: () => around.next.enter(nothing), ...(reopen.length === 0 ? {} : { reopen }) };
    const onward = (after: Sides, along: Carried) => {
      const outcome = outcomeOf(step, after);
      if (outcome === "dead") return undefined;
      if (outcome === "complete") return { ...leaving, to: leaving.to() };
      return { to: after.join() === sides.join() ? id : at(after).enter(along), keepSince: true as const };
    };

    for (const fits of combinations(sides, where)) {
      const taken: number[] = [];
      const after: [Side, Side] = [sides[0], sides[1]];
      fits.forEach((fit, n) => {
        const side = step.sides[n];
        const leaf = leaves[n];
        if (fit !== true || side === undefined || leaf === undefined) return;
        if (side.kind === "absence") after[n === 0 ? 0 : 1] = "failed";
        else if (step.kind === "and" || taken.length === 0) {
          after[n === 0 ? 0 : 1] = "done";
          taken.push(leaf);
        }
      });
      const guard = [
        ...fits.flatMap((fit, n) => (fit === undefined ? [] : fit ? yes(where[n]) : no(where[n]))),
        ...no(...around.untils),
        ...spare(carried),
      ];
      const move = onward(after, taken.length > 0 ? nothing : carried);
      if (move === undefined) continue;
      if (taken.length > 0) {
        const within = step.withinMs === undefined ? {} : { withinMs: step.withinMs };
        draft.takes.push({ guard, leaves: taken, ...within, ...move });
      } else if (!strict) {
        draft.passes.push({ guard: [...guard, ...no(...carried.nots)], to: move.to });
      }
    }

    step.sides.forEach((side, n) => {
      if (side.kind !== "absence" || side.forMs === undefined || sides[n] !== "open") return;
      const move = onward(n === 0 ? ["done", sides[1]] : [sides[0], "done"], carried);
      if (move !== undefined) draft.dues.push({ base: "since", ms: side.forMs, ...move });
    });
  };
  return at(["open", "open"]);
}

function outcomeOf(step: LogicalStep, sides: Sides): "complete" | "dead" | "open" {
  if (step.kind === "or") {
    if (sides.includes("done")) return "complete";
    return sides.every((side) => side === "failed") ? "dead" : "open";
  }
  if (sides.includes("failed")) return "dead";
  const settled = sides.every((side, n) => {
    const of = step.sides[n];
    return side === "done" || (of?.kind === "absence" && of.forMs === undefined);
  });
  return settled ? "complete" : "open";
}

/** Every way in which one event can fit the sides that are still open; undefined where a side is settled. */
function combinations(sides: Sides, where: readonly (number | undefined)[]): (boolean | undefined)[][] {
  const choices = sides.map((side, n): readonly (boolean | undefined)[] => {
    if (side !== "open") return [undefined];
    return where[n] === undefined ? [true] : [true, false];
  });
  const [first = [undefined], second = [undefined]] = choices;
  return first.flatMap((a) => second.map((b) => [a, b]));
}

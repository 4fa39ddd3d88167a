import { type Draft, finalStage } from "./drafts.ts";
import type { Due, Pass, Stage, Take } from "./stage.ts";

/**
 * Gives each stage every move of the stages that it may proceed to without an event, so that running the automaton
 * needs no search. `usesVars` says of a condition whether it reads variables.
 */
export function flatten(drafts: readonly Draft[], usesVars: (condition: number) => boolean): Stage[] {
  return drafts.map((_, id) => stageOf(drafts, id, usesVars));
}

function stageOf(drafts: readonly Draft[], id: number, usesVars: (condition: number) => boolean): Stage {
  const takes = new Map<string, Take>();
  const passes = new Map<string, Pass>();
  const dues: Due[] = [];
  const seen = new Set<string>();
  const queue = [{ at: id, guard: [] as readonly number[], confirmed: false, byEvent: false }];
  let accepts = false;

  for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
    const { at, guard: so, confirmed, byEvent } = entry;
    const key = `${at}:${so}:${confirmed}:${byEvent}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (at === finalStage) {
      if (so.length === 0) accepts = true;
      else if (confirmed) keep(passes, { guard: so, to: finalStage });
      continue;
    }
    const draft = drafts[at];
    if (draft === undefined) continue;
    const timed = at !== id && draft.dues.length > 0 ? { timed: true as const } : {};
    for (const take of draft.takes) keep(takes, { ...take, ...timed, guard: merge(so, take.guard) });
    for (const pass of draft.passes) keep(passes, { ...pass, ...timed, guard: merge(so, pass.guard) });
    if (!byEvent) for (const due of draft.dues) dues.push(at === id ? due : { ...due, beside: true });
    for (const proceed of draft.proceeds) {
      const guard = merge(so, proceed.guard);
      if (guard === undefined) continue;
      const confirms = proceed.confirms === true;
      const needsEvent = proceed.guard.length > 0 && !confirms;
      queue.push({ at: proceed.to, guard, confirmed: confirmed || confirms, byEvent: byEvent || needsEvent });
    }
  }

  const moves = [...takes.values(), ...passes.values()];
  const gaps = [...takes.values()].map((take) => take.withinMs ?? Number.POSITIVE_INFINITY);
  const lapseMs = dues.length === 0 && gaps.length > 0 ? Math.max(...gaps) : Number.POSITIVE_INFINITY;
  return {
    takes: [...takes.values()],
    passes: [...passes.values()],
    dues,
    accepts,
    live: moves.length > 0 || dues.length > 0,
    usesVars: moves.some((move) => move.guard.some((literal) => usesVars(literal >> 1))),
    ...(Number.isFinite(lapseMs) ? { lapseMs } : {}),
  };
}

/** Both guards as one, without repetition; undefined when they contradict each other. */
function merge(a: readonly number[], b: readonly number[]): number[] | undefined {
  const all = new Set([...a, ...b]);
  for (const literal of all) if (literal % 2 === 1 && all.has(literal - 1)) return undefined;
  return [...all].sort((x, y) => x - y);
}

type Loose<T> = Omit<T, "guard"> & { readonly guard: readonly number[] | undefined };

function keep<T extends Take | Pass>(into: Map<string, T>, move: Loose<T>): void {
  if (move.guard === undefined) return;
  const whole = { ...move, guard: move.guard } as T;
  const key = JSON.stringify(whole);
  if (!into.has(key)) into.set(key, whole);
}

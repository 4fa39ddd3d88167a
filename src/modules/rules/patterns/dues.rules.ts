import type { PartialMatch, PatternState, PatternTimer } from "./pattern-state.ts";
import type { CompiledPattern, Due, Take } from "./stage.ts";

const never = Number.POSITIVE_INFINITY;

/** When a partial match runs out of time: the first instant that lies outside. */
export function expiryOf<E>(pattern: CompiledPattern<E>, partial: PartialMatch): number {
  const [stage, node, , firstAt, lastAt] = partial;
  if (node === 0) return never;
  return Math.min(firstAt + (pattern.withinMs ?? never), lastAt + (pattern.stages[stage]?.lapseMs ?? never));
}

/** When a stage's time is up for a partial match; never when it would run out of time before. */
export function dueAt<E>(pattern: CompiledPattern<E>, partial: PartialMatch, due: Due): number {
  const [, , , firstAt, lastAt, since, fired] = partial;
  if (fired === 1) return never;
  if (due.base === "first") return firstAt + due.ms;
  if (due.base === "last") return lastAt + due.ms;
  const at = since + due.ms;
  return at < expiryOf(pattern, partial) ? at : never;
}

/** The times of a partial match's stage that are up at `at`; one that expires then has no time left of its own. */
export function duesUpTo<E>(
  pattern: CompiledPattern<E>,
  partial: PartialMatch,
  at: number,
  expires: boolean,
): readonly Due[] {
  const dues = pattern.stages[partial[0]]?.dues ?? [];
  return dues.filter((due) => dueAt(pattern, partial, due) <= at && (!expires || due.base !== "since"));
}

/** Whether a move still may take an event at `at`: the one before it was recent enough. */
export function inTime({ withinMs }: Take, [, node, , , lastAt]: PartialMatch, at: number): boolean {
  return withinMs === undefined || node === 0 || at - lastAt < withinMs;
}

/** The earliest instants at which time alone gives output, and at which it only ends partial matches. */
export function nextInstants<E>(
  pattern: CompiledPattern<E>,
  partials: readonly PartialMatch[],
  holding: boolean,
): Pick<PatternState, "fireAt" | "lapseAt"> {
  let fireAt = never;
  let lapseAt = never;
  const expiryTells = pattern.timeouts || holding || pattern.startsWithClock;
  for (const partial of partials) {
    const dues = pattern.stages[partial[0]]?.dues ?? [];
    const due = Math.min(never, ...dues.map((one) => dueAt(pattern, partial, one)));
    fireAt = Math.min(fireAt, due);
    const expiry = expiryOf(pattern, partial);
    if (due <= expiry) continue;
    if (expiryTells) fireAt = Math.min(fireAt, expiry);
    else lapseAt = Math.min(lapseAt, expiry);
  }
  return { fireAt: fireAt === never ? null : fireAt, lapseAt: lapseAt === never ? null : lapseAt };
}

/** When a watermark would change such a state. */
export function timersOf({ fireAt, lapseAt }: Pick<PatternState, "fireAt" | "lapseAt">): PatternTimer[] {
  const timers: PatternTimer[] = [];
  if (fireAt !== null) timers.push({ at: fireAt, kind: "fire" });
  if (lapseAt !== null) timers.push({ at: lapseAt, kind: "lapse" });
  return timers;
}

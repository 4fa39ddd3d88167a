import type { Json } from "../../../kernel/json.ts";
import type { PatternEventRef } from "./condition.ts";
import type { CompiledPattern } from "./stage.ts";

/**
 * A match under way. `node` is its newest entry in the buffer, 0 before the first event; `first` is the number of its
 * first event. Instants are milliseconds. `since` is when it came into the stage; `fired` is 1 when the stage's time
 * has been reported and it stays for its other ways out.
 */
export type PartialMatch = readonly [
  stage: number,
  node: number,
  first: number,
  firstAt: number,
  lastAt: number,
  since: number,
  fired: 0 | 1,
];

/** A match that waits for those that began earlier. `clocked` is 1 when time completed it, not an event. */
export type HeldMatch = readonly [
  node: number,
  first: number,
  firstAt: number,
  endAt: number,
  clocked: 0 | 1,
];

/** An entry of the buffer: the event `seq` taken for a variable, after the entry `prev`. Matches share their past. */
export type BufferNode = readonly [id: number, leaf: number, seq: number, prev: number];

/** An event of the buffer, kept as long as a match under way holds it. */
export type BufferEvent = readonly [seq: number, source: string, id: string, at: number, data?: Json];

/**
 * What one key remembers of a pattern: plain JSON, complete between any two events. Lists are in the order of age.
 */
export interface PatternState {
  /** Events and entries numbered so far. */
  readonly events: readonly BufferEvent[];
  readonly nodes: readonly BufferNode[];
  readonly partials: readonly PartialMatch[];
  readonly held: readonly HeldMatch[];
  readonly lastSeq: number;
  readonly lastNode: number;
  /** The first instant at which time alone gives a match or a timeout. */
  readonly fireAt: number | null;
  /** The first instant at which time alone ends a partial match without a word. */
  readonly lapseAt: number | null;
}

/** A complete match: events by variable in the order of the pattern. */
export interface PatternMatch {
  readonly vars: Readonly<Record<string, readonly PatternEventRef[]>>;
  /** Event time of the first event; of a match without events, when it became true. */
  readonly startAt: number;
  /** Event time at which it became true: of the event, or of the time that completed it. */
  readonly endAt: number;
  /** What the caller called now. */
  readonly detectedAt: number;
  /** Names the match: the same events give the same list, whenever and in whatever batches they came. */
  readonly matchIdInputs: readonly string[];
}

/** A partial match that ran out of time at `endAt`. */
export type PatternTimeout = Omit<PatternMatch, "matchIdInputs">;

/** When a watermark would change the state. `fire` gives output; `lapse` only frees memory and may be ignored. */
export interface PatternTimer {
  readonly at: number;
  readonly kind: "fire" | "lapse";
}

export interface PatternStep {
  readonly state: PatternState;
  readonly matches: readonly PatternMatch[];
  readonly timeouts: readonly PatternTimeout[];
  readonly timers: readonly PatternTimer[];
  /** Partial matches that were dropped because the key held too many, the oldest first. */
  readonly dropped: number;
}

/** The state of a key that the rule sees first at `at`: absences at the start of the pattern count from there. */
export function initialPatternState<E>(pattern: CompiledPattern<E>, at: number): PatternState {
  const partials = startsExplicitly(pattern) ? [startOf(pattern, at)] : [];
  const due = pattern.stages[pattern.start]?.dues.map((one) => at + one.ms) ?? [];
  return {
    events: [],
    nodes: [],
    partials,
    held: [],
    lastSeq: 0,
    lastNode: 0,
    fireAt: partials.length > 0 && due.length > 0 ? Math.min(...due) : null,
    lapseAt: null,
  };
}

/** Whether the beginning of a match is kept as a partial match instead of being tried anew with each event. */
export function startsExplicitly<E>(pattern: CompiledPattern<E>): boolean {
  return pattern.startsWithClock || pattern.every !== "event";
}

/** The partial match that has taken nothing yet. */
export function startOf<E>(pattern: CompiledPattern<E>, at: number): PartialMatch {
  return [pattern.start, 0, 0, 0, 0, at, 0];
}

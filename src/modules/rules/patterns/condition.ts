import type { Json } from "../../../kernel/json.ts";

/** What a condition says of an event. Unknown is not a match: nothing is taken for it and nothing is ended by it. */
export type Truth = boolean | "unknown";

/** The events taken so far, by variable, as `project` kept them; variables that took nothing are absent. */
export type PatternVars = Readonly<Record<string, readonly Json[]>>;

/** A compiled condition of a step. It is pure and never throws. */
export interface StepCondition<E> {
  test(event: E, vars: PatternVars): Truth;
  /** Whether the result depends on `vars`; a condition that doesn't is tried once an event for all partial matches. */
  readonly usesVars: boolean;
}

/** Where a condition stands in the specification, for messages, and which variables are in its reach. */
export interface ConditionPlace {
  /** RFC 6901 pointer into the specification. */
  readonly pointer: string;
  /** Variables of this and earlier steps. */
  readonly vars: readonly string[];
}

/** One event of a key. `at` is its event time in milliseconds since 1970 UTC. (`source`, `id`) names it. */
export interface PatternEvent<E> {
  readonly id: string;
  readonly source: string;
  readonly at: number;
  readonly value: E;
}

/** An event kept by reference; `data` is what `project` gave, when it gave something. */
export interface PatternEventRef {
  readonly source: string;
  readonly id: string;
  readonly at: number;
  readonly data?: Json;
}

import type { AfterMatch, PatternSpec } from "../../../../contracts/rule-patterns.ts";
import type { Json } from "../../../kernel/json.ts";
import type { StepCondition } from "./condition.ts";

/**
 * What must hold for a move: each number is a condition's index times two, plus one where it must be true; without
 * the one it must not be true, so an unknown condition satisfies it.
 */
export type Guard = readonly number[];

/** Takes the event for one or more variables. */
export interface Take {
  readonly guard: Guard;
  /** Indexes into `leaves`; two when both sides of a logical step take one event. */
  readonly leaves: readonly number[];
  readonly to: number;
  /** Only when the event before was less than this ago. */
  readonly withinMs?: number;
  /** Stays inside a logical step, whose absences go on counting. */
  readonly keepSince?: true;
  /** Indexes into `reopenings`: steps that are complete now open again beside. */
  readonly reopen?: readonly number[];
  /** Belongs to a stage beside whose time, once reported, closes this way. */
  readonly timed?: true;
}

/** Passes over the event. */
export interface Pass {
  readonly guard: Guard;
  readonly to: number;
  readonly timed?: true;
  /** An absence at the start begins to count again at this event. */
  readonly restart?: true;
}

/** Happens when nothing has ended the partial match until then. */
export interface Due {
  /** Counted from where the stage was entered, the first event, or the last event. */
  readonly base: "since" | "first" | "last";
  readonly ms: number;
  readonly to: number;
  readonly keepSince?: true;
  readonly reopen?: readonly number[];
  /** The stage is one of several that the partial match stands in, so it stays for the others. */
  readonly beside?: true;
}

/** One state of the automaton, with every move from it and from the stages it may proceed to without an event. */
export interface Stage {
  readonly takes: readonly Take[];
  readonly passes: readonly Pass[];
  readonly dues: readonly Due[];
  /** The pattern is complete here. */
  readonly accepts: boolean;
  /** Something can still happen here. */
  readonly live: boolean;
  readonly usesVars: boolean;
  /** No event can be taken this long after the last one. */
  readonly lapseMs?: number;
}

export interface Reopening {
  readonly to: number;
  /** The variables of the step: the past without them is where it opens again. */
  readonly leaves: readonly number[];
}

/** A pattern ready to run. It holds functions, so it is compiled anew after a restart and never stored. */
export interface CompiledPattern<E> {
  readonly leaves: readonly string[];
  readonly conditions: readonly StepCondition<E>[];
  readonly stages: readonly Stage[];
  readonly reopenings: readonly Reopening[];
  readonly start: number;
  /** The first step counts time or an absence, so its partial match exists before any event. */
  readonly startsWithClock: boolean;
  /** For an absence as the first step: the condition whose event begins it again. */
  readonly startCondition?: number;
  readonly every: PatternSpec["every"];
  readonly withinMs?: number;
  readonly afterMatch: AfterMatch;
  readonly emit: PatternSpec["emit"];
  readonly timeouts: boolean;
  readonly maxPartialMatches: number;
  readonly project: (event: E) => Json | undefined;
}

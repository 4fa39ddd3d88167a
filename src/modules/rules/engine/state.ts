import type { MaruEvent } from "../../../../contracts/events.ts";
import type { Json } from "../../../kernel/json.ts";
import type { PatternState } from "../patterns/pattern-state.ts";
import type { Chain } from "./chain.rules.ts";
import type { Instance } from "./instances/instance.ts";
import type { Values, Verdict } from "./outputs.ts";
import type { BandModel } from "./thresholds/band-model.ts";
import type { Trace } from "./trace.rules.ts";
import type { WindowState } from "./windows/window-state.ts";

/**
 * What one key of one rule lineage remembers: plain JSON, complete between any two inputs. Instants are epoch
 * milliseconds in the time of the rule, but `touchedAt`, which is processing time.
 */
export interface KeyState {
  readonly key: readonly Json[];
  /** How far the key has come by its own events and timers; null before the first. */
  at: number | null;
  /** When the last event came. */
  touchedAt: number;
  /** The end of the last outage that is accounted for, in processing time. */
  resumedAt?: number;
  /** The time of the latest event. */
  eventAt: number | null;
  /** Events have been missing for as long as the rule allows. */
  idle?: boolean;
  /** When an alert that a match opened resolves. */
  resolveAt?: number | null;
  window?: WindowState;
  pattern?: PatternState;
  /** Events that wait for the watermark, in order. */
  held?: MaruEvent[];
  /** By instance id; an instance without one is normal and has nothing to remember. */
  instances: Record<string, Instance>;
  /** Baselines of dynamic thresholds by instance id. */
  models?: Record<string, BandModel>;
  /** When each action was last sent (outcome `match`). */
  sent?: Record<string, number>;
  /** The rules whose events led to where the key is; absent where none did. */
  chain?: Chain;
  /** While late events may correct windows: what led from `base` to the instances. */
  log?: EvaluationLog;
  /** How it came here, oldest first, the newest few. */
  trace: Trace[];
}

/** An evaluation that a correction may change. `end` names the window; null where it was none. */
export interface LoggedEvaluation {
  readonly at: number;
  readonly end: number | null;
  readonly early: boolean;
  readonly open: Verdict;
  /** Whether an open alert stays open. */
  readonly stay: Verdict;
  readonly values: Values;
}

export interface EvaluationLog {
  base: Record<string, Instance>;
  entries: LoggedEvaluation[];
}

export function newKeyState(key: readonly Json[], now: number): KeyState {
  return { key, at: null, touchedAt: now, eventAt: null, instances: {}, trace: [] };
}

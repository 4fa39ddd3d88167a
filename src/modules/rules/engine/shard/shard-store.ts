import type { Json } from "../../../../kernel/json.ts";
import type { KeyState } from "../state.ts";
import type { SourceClocks } from "./watermark.rules.ts";

/** What a shard counts of one rule lineage, since it began. */
export interface RuleCounters {
  events: number;
  duplicates: number;
  nullKeys: number;
  /** Events of new keys that were refused because there are as many keys as the rule may have. */
  refusedKeys: number;
  late: number;
  matches: number;
  /** Times that an alert fired. */
  fired: number;
  resolved: number;
  errors: number;
  suppressed: number;
  /** Steps of keys, by events and by time. */
  steps: number;
  /** From the arrival of an event to its decision: all events together, and the longest. Milliseconds. */
  latencyMs: number;
  longestLatencyMs: number;
}

export interface RuleProgress {
  watermark: number | null;
  keys: number;
  /** New keys were refused: the rule is degraded. */
  degraded: boolean;
  /** At or before the first timer of the rule on each clock; null when there is none. */
  due: number | null;
  expiry: number | null;
  readonly counters: RuleCounters;
}

/** The small row of a shard that every batch reads and writes. */
export interface ShardRow {
  readonly sources: SourceClocks;
  /** By lineage. */
  readonly rules: Record<string, RuleProgress>;
  /** When the shard was to be stepped again at the latest; null when only an event could help. */
  wakeAt?: number | null;
  /** The last times when it was not, although it should have been: epoch milliseconds, oldest first. */
  outages?: Outage[];
}

/** A stretch in which nothing was evaluated. */
export interface Outage {
  readonly downAt: number;
  readonly upAt: number;
}

export function newShardRow(): ShardRow {
  return { sources: {}, rules: {} };
}

export function newProgress(): RuleProgress {
  const counters: RuleCounters = {
    events: 0,
    duplicates: 0,
    nullKeys: 0,
    refusedKeys: 0,
    late: 0,
    matches: 0,
    fired: 0,
    resolved: 0,
    errors: 0,
    suppressed: 0,
    steps: 0,
    latencyMs: 0,
    longestLatencyMs: 0,
  };
  return { watermark: null, keys: 0, degraded: false, due: null, expiry: null, counters };
}

/** Which clock a timer goes by: the rule's own time (its watermark), or processing time. */
export type TimerClock = "rule" | "clock";

/**
 * The state of one engine shard: synchronous, indexed reads and writes inside the host's transaction. A step begins with
 * `readShard` and ends with `writeShard`. What comes out is a private copy or the host's own draft; the engine writes back
 * what it changed. No method may scan all keys: each costs
 * at most the logarithm of what is stored.
 */
export interface ShardStore {
  readShard(): ShardRow;
  writeShard(row: ShardRow): void;

  readKey(lineage: string, key: string): KeyState | undefined;
  writeKey(lineage: string, key: string, state: KeyState): void;
  /** Removes the state and the timers of a key. */
  deleteKey(lineage: string, key: string): void;

  /** Sets the one timer of a key on a clock; null removes it. */
  setTimer(lineage: string, key: string, clock: TimerClock, due: number | null): void;
  /** Keys with a timer at or before `upTo`, by (due, key). */
  dueKeys(lineage: string, clock: TimerClock, upTo: number, limit: number): string[];
  firstDue(lineage: string, clock: TimerClock): number | null;

  /** The ids of the events that are asked for next, so that they may be looked up together. */
  expectEvents(ids: readonly string[]): void;
  /** When an event of this source and id was first taken; undefined when it wasn't, or that was forgotten. */
  seenAt(source: string, id: string): number | undefined;
  markSeen(source: string, id: string, at: number, forgetAt: number): void;
  /** Forgets what may be forgotten at `now`, at most about `limit` of it. */
  forgetSeen(now: number, limit: number): void;
}

/** A key as text, under which its state is stored. */
export function keyText(key: readonly Json[]): string {
  const only = key[0];
  return key.length === 1 && typeof only === "string" ? `s${only}` : `j${JSON.stringify(key)}`;
}

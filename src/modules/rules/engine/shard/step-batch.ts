import type { MaruEvent } from "../../../../../contracts/events.ts";
import type { Json } from "../../../../kernel/json.ts";
import type { CompiledRule } from "../compile/compiled-rule.ts";
import { compareEvents, type StepInput } from "../step.ts";
import type { RuleSet } from "./rule-set.ts";
import { type BatchLimits, type BatchResult, defaultLimits, ShardBatch } from "./shard-batch.ts";
import type { ShardStore } from "./shard-store.ts";

export type { BatchResult } from "./shard-batch.ts";

/**
 * One step of a shard: takes a batch of events, in the order of (time, sequence, arrival) whatever order they came in,
 * then lets time pass up to the watermark of each rule. An empty batch only lets time pass. Deterministic: the store, the
 * rules, the events and `now`, epoch milliseconds, decide everything. What it changes is written back before it returns.
 */
export function stepBatch(
  store: ShardStore,
  rules: RuleSet,
  events: readonly MaruEvent[],
  now: number,
  limits: BatchLimits = defaultLimits,
): BatchResult {
  const batch = new ShardBatch(store, rules, now, limits);
  for (const event of events.length > 1 ? [...events].sort(compareEvents) : events) batch.take(event);
  batch.passTime();
  return batch.finish();
}

/** Feeds a poll's result, a run of a schedule or an edit to one key of a rule; the key is made when it is new. */
export function stepKey(
  store: ShardStore,
  rules: RuleSet,
  rule: CompiledRule,
  key: readonly Json[],
  input: StepInput,
  now: number,
): BatchResult {
  const batch = new ShardBatch(store, rules, now, defaultLimits);
  batch.feed(rule, key, input);
  return batch.finish();
}

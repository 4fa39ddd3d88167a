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
  batch.expect(events);
  for (const event of events.length > 1 ? [...events].sort(compareEvents) : events) batch.take(event);
  batch.passTime();
  return batch.finish();
}

/** What happens to one key without an event: a poll's result, a run of a schedule, an edit. */
export interface KeyInput {
  readonly key: readonly Json[];
  readonly input: StepInput;
}

/** Feeds keys of a rule, which are made when they are new; then lets time pass for every rule, as an empty batch does. */
export function stepKeys(
  store: ShardStore,
  rules: RuleSet,
  rule: CompiledRule,
  inputs: readonly KeyInput[],
  now: number,
  limits: BatchLimits = defaultLimits,
): BatchResult {
  const batch = new ShardBatch(store, rules, now, limits);
  for (const { key, input } of inputs) batch.feed(rule, key, input);
  batch.passTime();
  return batch.finish();
}

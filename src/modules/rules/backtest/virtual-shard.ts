import type { MaruEvent } from "../../../../contracts/events.ts";
import type { CompiledRule } from "../engine/compile/compiled-rule.ts";
import type { Output } from "../engine/outputs.ts";
import { MemoryShardStore } from "../engine/shard/memory-shard-store.ts";
import { type RuleSet, ruleSet } from "../engine/shard/rule-set.ts";
import { newProgress, type RuleProgress } from "../engine/shard/shard-store.ts";
import { stepBatch, stepKeys } from "../engine/shard/step-batch.ts";
import type { StepInput } from "../engine/step.ts";

/** A shard of the rule engine with one rule, in memory: the very steps that run live, at instants that are given. */
export class VirtualShard {
  /** When the shard asks to be stepped; null when only an event can help. */
  wakeAt: number | null = null;
  private readonly store = new MemoryShardStore({ copies: false });
  private readonly rule: CompiledRule;
  private readonly rules: RuleSet;

  constructor(rule: CompiledRule) {
    this.rule = rule;
    this.rules = ruleSet([rule]);
  }

  /** Takes events as one batch; none lets time pass. */
  ingest(events: readonly MaruEvent[], now: number): readonly Output[] {
    const { outputs, wakeAt } = stepBatch(this.store, this.rules, events, now);
    this.wakeAt = wakeAt;
    return outputs;
  }

  /** A poll's result or a run of the rule's schedule. */
  feed(input: StepInput, now: number): readonly Output[] {
    const { outputs, wakeAt } = stepKeys(this.store, this.rules, this.rule, [{ key: [], input }], now);
    this.wakeAt = wakeAt;
    return outputs;
  }

  get progress(): RuleProgress {
    return this.store.readShard().rules[this.rule.lineage] ?? newProgress();
  }
}

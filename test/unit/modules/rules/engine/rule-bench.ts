import type { MaruEvent } from "../../../../../contracts/events.ts";
import { RuleDefinition, type RuleDefinitionInput } from "../../../../../contracts/rules.ts";
import { compileRule } from "../../../../../src/modules/rules/engine/compile/compile-rule.ts";
import type { CompiledRule } from "../../../../../src/modules/rules/engine/compile/compiled-rule.ts";
import type {
  Output,
  TransitionOutput,
  WindowOutput,
} from "../../../../../src/modules/rules/engine/outputs.ts";
import { MemoryShardStore } from "../../../../../src/modules/rules/engine/shard/memory-shard-store.ts";
import { ruleSet } from "../../../../../src/modules/rules/engine/shard/rule-set.ts";
import { stepBatch } from "../../../../../src/modules/rules/engine/shard/step-batch.ts";
import { type KeyState, newKeyState } from "../../../../../src/modules/rules/engine/state.ts";
import { type StepInput, step } from "../../../../../src/modules/rules/engine/step.ts";

/** A rule from the little that a test wants to say. */
export function ruleOf(definition: Partial<RuleDefinitionInput>, lineage = "rl_1"): CompiledRule {
  const whole = RuleDefinition.parse({ name: "rule", trigger: { kind: "filter" }, ...definition });
  const outcome = compileRule(whole, { tenantId: "tn_1", lineage });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.rule;
}

let count = 0;

export function eventOf(
  time: number,
  data: MaruEvent["data"] = {},
  more: Partial<MaruEvent> = {},
): MaruEvent {
  count += 1;
  return {
    id: `e${count}`,
    source: "/test",
    type: "test",
    time,
    data,
    tenantid: "tn_1",
    sourceid: "src_1",
    ingesttime: time,
    ingestseq: count,
    verified: "none",
    ...more,
  };
}

/** One key of a rule, whose state goes through JSON between any two steps. */
export class OneKey {
  readonly rule: CompiledRule;
  readonly outputs: Output[] = [];
  state: KeyState = newKeyState([], 0);
  watermark = Number.NEGATIVE_INFINITY;
  due: number | null = null;

  constructor(definition: Partial<RuleDefinitionInput>) {
    this.rule = ruleOf(definition);
  }

  feed(input: StepInput, rule: CompiledRule = this.rule): Output[] {
    const result = step(rule, JSON.parse(JSON.stringify(this.state)), input, 0);
    this.state = result.state;
    this.due = result.timers.due;
    this.outputs.push(...result.outputs);
    return [...result.outputs];
  }

  event(time: number, data: MaruEvent["data"] = {}, more: Partial<MaruEvent> = {}): Output[] {
    return this.feed({ kind: "event", event: eventOf(time, data, more), time, watermark: this.watermark });
  }

  advance(watermark: number): Output[] {
    this.watermark = Math.max(this.watermark, watermark);
    return this.feed({ kind: "advance", watermark: this.watermark });
  }

  /** Where the alert stands. */
  get status() {
    return this.state.instances[""]?.status ?? "normal";
  }
}

export function transitionsOf(outputs: readonly Output[]): string[] {
  return outputs
    .filter((output): output is TransitionOutput => output.kind === "transition")
    .map(({ at, from, to }) => `${at} ${from}>${to}`);
}

export function windowsOf(outputs: readonly Output[]): WindowOutput[] {
  return outputs.filter((output): output is WindowOutput => output.kind === "window");
}

/** A shard in memory with its rules. */
export class Shard {
  readonly store = new MemoryShardStore();
  readonly outputs: Output[] = [];
  readonly rules: ReturnType<typeof ruleSet>;
  wakeAt: number | null = null;

  constructor(...rules: CompiledRule[]) {
    this.rules = ruleSet(rules);
  }

  batch(events: readonly MaruEvent[], now: number): Output[] {
    const result = stepBatch(this.store, this.rules, events, now);
    this.outputs.push(...result.outputs);
    this.wakeAt = result.wakeAt;
    return [...result.outputs];
  }
}

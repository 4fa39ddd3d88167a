import type { MaruEvent } from "../../../../contracts/events.ts";
import type { CompiledRule } from "../engine/compile/compiled-rule.ts";
import { earliest } from "../engine/earliest.ts";
import type { Output } from "../engine/outputs.ts";
import type { StepInput } from "../engine/step.ts";
import { signalsOf } from "../signals-of.rules.ts";
import type { VirtualHub } from "./virtual-hub.ts";
import { VirtualShard } from "./virtual-shard.ts";

export interface ReplayParts {
  readonly rule: CompiledRule;
  /** Where the clock stands at first; epoch milliseconds. */
  readonly startAt: number;
  /** Who is told; null: nobody. */
  readonly hub: VirtualHub | null;
  /** The first run of the rule's schedule after an instant, where the rule goes by one. */
  readonly nextRun: ((after: number) => number | null) | null;
  /** Steps and decisions that are allowed. */
  readonly maxWork: number;
  /** Hears what the engine says, and what the clock shows then. */
  readonly onOutputs: (outputs: readonly Output[], clock: number) => void;
}

/** Times that something may happen at one instant before the clock is pushed on. */
const mostAtOnce = 10_000;

/**
 * One rule under a virtual clock: between inputs everything happens that live alarms would make happen, in the order of
 * time; at one instant the schedule's run first, then the engine, then the hub. Deterministic in what it is given.
 */
export class Replay {
  readonly shard: VirtualShard;
  private readonly parts: ReplayParts;
  private clock: number;
  private run: number | null;
  private said = 0;
  private rounds = 0;

  constructor(parts: ReplayParts) {
    this.parts = parts;
    this.clock = parts.startAt;
    this.shard = new VirtualShard(parts.rule);
    this.run = parts.nextRun?.(parts.startAt - 1) ?? null;
  }

  /** Takes a batch of events that arrived together. */
  ingest(events: readonly MaruEvent[], at: number): void {
    this.passTo(at - 1);
    this.clock = Math.max(this.clock, at);
    this.say(this.shard.ingest(events, this.clock));
  }

  /** A poll's result. */
  feed(input: StepInput, at: number): void {
    this.passTo(at - 1);
    this.clock = Math.max(this.clock, at);
    this.say(this.shard.feed(input, this.clock));
  }

  /** Lets time pass up to and including an instant, or until the work is used up. */
  passTo(until: number): void {
    for (;;) {
      const next = earliest(this.run, this.shard.wakeAt, this.parts.hub?.wakeAt ?? null);
      if (next === null || next > until || this.isExhausted) break;
      this.moveTo(Math.max(next, this.clock));
      this.happen();
    }
    if (!this.isExhausted) this.clock = Math.max(this.clock, until);
  }

  get now(): number {
    return this.clock;
  }

  get isExhausted(): boolean {
    const { hub, maxWork } = this.parts;
    return this.shard.progress.counters.steps + (hub?.work ?? 0) > maxWork;
  }

  private moveTo(at: number): void {
    this.rounds = at === this.clock ? this.rounds + 1 : 0;
    this.clock = this.rounds > mostAtOnce ? at + 1 : at;
  }

  private happen(): void {
    const { hub, nextRun } = this.parts;
    if (this.run !== null && this.run <= this.clock) {
      const scheduledFor = this.run;
      this.run = nextRun?.(scheduledFor) ?? null;
      this.say(this.shard.feed({ kind: "run", scheduledFor }, this.clock));
    } else if (this.shard.wakeAt !== null && this.shard.wakeAt <= this.clock) {
      this.say(this.shard.ingest([], this.clock));
    } else hub?.tick(this.clock);
  }

  private say(outputs: readonly Output[]): void {
    if (outputs.length === 0) return;
    this.parts.onOutputs(outputs, this.clock);
    const { hub, rule } = this.parts;
    if (hub === null) return;
    const signals = signalsOf(outputs, rule.definition, this.clock, this.said);
    this.said += outputs.length;
    if (signals.length > 0) hub.hear(signals, this.clock);
  }
}

import type { MaruEvent } from "../../../../../contracts/events.ts";
import type { Json } from "../../../../kernel/json.ts";
import type { CompiledRule } from "../compile/compiled-rule.ts";
import { earliest } from "../earliest.ts";
import type { Output } from "../outputs.ts";
import type { KeyState } from "../state.ts";
import { dueOf, type StepInput, step } from "../step.ts";
import { countEvent, countOutput } from "./counters.rules.ts";
import { matchAlone } from "./match-alone.ts";
import { noteOutage } from "./outage.rules.ts";
import { isStateless, readKey } from "./read-key.ts";
import type { RuleSet } from "./rule-set.ts";
import { type ShardPlace, shardOf } from "./shard-of.rules.ts";
import { keyText, newProgress, type RuleProgress, type ShardRow, type ShardStore } from "./shard-store.ts";
import { type Touched, TouchedKeys } from "./touched-keys.ts";
import { noteSource, wakeAtFor, watermarkOf } from "./watermark.rules.ts";

/** A duplicate event, by the rules to which it was one. */
export interface DuplicateEvent {
  readonly source: string;
  readonly id: string;
  readonly firstSeenAt: number;
}

export interface BatchResult {
  /** In a fixed order: by event, by rule, then by time and key. */
  readonly outputs: readonly Output[];
  readonly duplicates: readonly DuplicateEvent[];
  /** When the shard has to be stepped again at the latest, in processing time; null when only an event can help. */
  readonly wakeAt: number | null;
}

export interface BatchLimits {
  /** Keys whose timers run in one step of the shard; the rest runs at once in the next. */
  readonly dueKeys: number;
  /** A shard that is stepped later than this after it was due was down; null: never. Milliseconds. */
  readonly outageMs: number | null;
  /** Repeats are told apart for at least this long, whatever rules ask for. Milliseconds. */
  readonly dedupeMs: number;
  /** Which of the shards this is; only the keys that live here are taken from events. */
  readonly place: ShardPlace;
}

export const defaultLimits: BatchLimits = {
  dueKeys: 1_000,
  outageMs: null,
  dedupeMs: 0,
  place: { index: 0, count: 1 },
};

/** The work of one step of a shard: what it has read, changed and said so far. */
export class ShardBatch {
  private readonly store: ShardStore;
  private readonly rules: RuleSet;
  private readonly now: number;
  private readonly limits: BatchLimits;
  private readonly shard: ShardRow;
  private readonly outputs: Output[] = [];
  private readonly duplicates: DuplicateEvent[] = [];
  private readonly keys: TouchedKeys;
  private readonly longestDedupe: number;
  private left = false;

  constructor(store: ShardStore, rules: RuleSet, now: number, limits: BatchLimits) {
    this.store = store;
    this.rules = rules;
    this.now = now;
    this.limits = limits;
    this.shard = store.readShard();
    this.keys = new TouchedKeys(store, now);
    noteOutage(this.shard, now, limits.outageMs);
    this.longestDedupe = Math.max(
      limits.dedupeMs,
      ...rules.all.map(({ definition }) => definition.dedupeTtlMs),
    );
  }

  expect(events: readonly MaruEvent[]): void {
    if (this.longestDedupe > 0 && events.length > 0) this.store.expectEvents(events.map(({ id }) => id));
  }

  take(event: MaruEvent): void {
    const rules = this.rules.rulesFor(event);
    const firstSeenAt = this.firstSeen(event);
    if (firstSeenAt === undefined && this.longestDedupe > 0) {
      const { ingesttime } = event;
      this.store.markSeen(event.source, event.id, ingesttime, ingesttime + this.longestDedupe);
    }
    if (firstSeenAt !== undefined) this.duplicates.push({ source: event.source, id: event.id, firstSeenAt });
    for (const rule of rules) this.takeFor(rule, event, firstSeenAt);
    noteSource(this.shard.sources, event.sourceid, event.time, event.ingesttime);
  }

  /** Every shard sees every event; what belongs to no key is counted on one of them. */
  private get isFirst(): boolean {
    return this.limits.place.index === 0;
  }

  /** As many keys as the rule may have here: its bound is divided between the shards. */
  private most({ definition }: CompiledRule): number {
    return Math.ceil(definition.maxKeys / this.limits.place.count);
  }

  /** When the event was taken before, as far as any rule still minds. */
  private firstSeen({ source, id, ingesttime }: MaruEvent): number | undefined {
    const at = this.longestDedupe > 0 ? this.store.seenAt(source, id) : undefined;
    return at === undefined || ingesttime - at >= this.longestDedupe ? undefined : at;
  }

  private takeFor(rule: CompiledRule, event: MaruEvent, firstSeenAt: number | undefined): void {
    const progress = this.progressOf(rule);
    if (firstSeenAt !== undefined && event.ingesttime - firstSeenAt < rule.definition.dedupeTtlMs) {
      if (this.isFirst) progress.counters.duplicates += 1;
      return;
    }
    const bindings = { event, data: event.data };
    if (rule.where !== undefined && rule.where.evaluate(bindings) !== true) return;
    const key = readKey(rule, bindings);
    if (key === undefined) {
      if (this.isFirst) progress.counters.nullKeys += 1;
      return;
    }
    const { index, count } = this.limits.place;
    if (count > 1 && shardOf(rule, keyText(key), count) !== index) return;
    countEvent(progress.counters, Math.max(0, this.now - event.ingesttime));
    const watermark = progress.watermark ?? Number.NEGATIVE_INFINITY;
    const own = rule.definition.time === "processing";
    // In processing time nothing is late: an event counts from where time has come to.
    const time = own ? Math.max(event.ingesttime, watermark + 1) : event.time;
    if (isStateless(rule)) {
      this.say(matchAlone(rule, key, event, { time, watermark, now: this.now }), progress);
    } else this.feed(rule, key, { kind: "event", event, time, watermark });
  }

  feed(rule: CompiledRule, key: readonly Json[], input: StepInput): void {
    const text = keyText(key);
    const progress = this.progressOf(rule);
    const touched = this.keys.find(rule, text) ?? this.admit(rule, progress, key, text);
    if (touched === undefined) return;
    this.run(rule, progress, touched, input);
  }

  private run(rule: CompiledRule, progress: RuleProgress, touched: Touched, input: StepInput): void {
    progress.counters.steps += 1;
    this.resume(rule, touched);
    const { state, outputs, timers } = step(rule, touched.state, input, this.now);
    touched.state = state;
    touched.due = timers.due;
    touched.dirty = true;
    if (outputs.length > 0) this.say(outputs, progress);
  }

  /** A key that was there before an outage learns of it before anything else. */
  private resume(rule: CompiledRule, touched: Touched): void {
    for (const outage of this.shard.outages ?? []) {
      const { touchedAt, resumedAt } = touched.state;
      if (outage.upAt <= Math.max(touchedAt, resumedAt ?? 0)) continue;
      touched.state = step(rule, touched.state, { kind: "resume", ...outage }, this.now).state;
      touched.state.resumedAt = outage.upAt;
    }
  }

  /** A new key, unless the rule has as many as it may: then it is refused where everybody sees it. */
  private admit(
    rule: CompiledRule,
    progress: RuleProgress,
    key: readonly Json[],
    text: string,
  ): Touched | undefined {
    if (progress.keys >= this.most(rule)) {
      progress.counters.refusedKeys += 1;
      if (!progress.degraded) {
        const detail = `The rule has ${progress.keys} keys; new ones are refused.`;
        const { lineage } = rule;
        this.outputs.push({ kind: "health", lineage, key, at: this.now, code: "keysRefused", detail });
      }
      progress.degraded = true;
      return undefined;
    }
    progress.keys += 1;
    return this.keys.add(rule, key, text);
  }

  /** Moves every rule to its watermark and runs what is due. */
  passTime(): void {
    for (const rule of this.rules.all) {
      const progress = this.progressOf(rule);
      progress.watermark = watermarkOf(this.shard.sources, rule.definition, progress.watermark, this.now);
      this.keys.settle(rule, progress);
      const { watermark } = progress;
      if (watermark !== null && isDue(progress.due, watermark)) this.advance(rule, progress, watermark);
      if (isDue(progress.expiry, this.now)) this.expire(rule, progress);
    }
    this.store.forgetSeen(this.now, this.limits.dueKeys);
  }

  private advance(rule: CompiledRule, progress: RuleProgress, watermark: number): void {
    const due = this.store.dueKeys(rule.lineage, "rule", watermark, this.limits.dueKeys);
    for (const text of due) {
      const touched = this.keys.find(rule, text);
      if (touched === undefined) this.store.setTimer(rule.lineage, text, "rule", null);
      else this.run(rule, progress, touched, { kind: "advance", watermark });
    }
    if (due.length >= this.limits.dueKeys) this.left = true;
    this.keys.settle(rule, progress);
    progress.due = this.store.firstDue(rule.lineage, "rule");
  }

  /** Forgets keys that had no event for the rule's time to live, and have no timer and no open alert. */
  private expire(rule: CompiledRule, progress: RuleProgress): void {
    const { ttlMs } = rule.definition;
    const { lineage } = rule;
    const due = this.store.dueKeys(lineage, "clock", this.now, this.limits.dueKeys);
    for (const text of due) {
      const state = this.keys.find(rule, text)?.state;
      const again = state === undefined ? null : this.livesUntil(rule, state, ttlMs);
      if (again !== null) {
        this.store.setTimer(lineage, text, "clock", again);
        continue;
      }
      this.keys.drop(rule, text);
      progress.keys -= 1;
      if (progress.keys < this.most(rule)) progress.degraded = false;
    }
    if (due.length >= this.limits.dueKeys) this.left = true;
    progress.expiry = this.store.firstDue(lineage, "clock");
  }

  /** When to ask again whether a key may be forgotten; null when it may be now. */
  private livesUntil(rule: CompiledRule, state: KeyState, ttlMs: number): number | null {
    if (this.now - state.touchedAt < ttlMs) return state.touchedAt + ttlMs;
    const open = Object.values(state.instances).some(({ status }) => status !== "normal");
    return open || dueOf(rule, state, this.now) !== null ? this.now + Math.min(ttlMs, longestAsk) : null;
  }

  private progressOf({ lineage }: CompiledRule): RuleProgress {
    const known = this.shard.rules[lineage];
    if (known !== undefined) return known;
    const fresh = newProgress();
    this.shard.rules[lineage] = fresh;
    return fresh;
  }

  private say(outputs: readonly Output[], { counters }: RuleProgress): void {
    for (const output of outputs) {
      this.outputs.push(output);
      countOutput(counters, output);
    }
  }

  finish(): BatchResult {
    for (const rule of this.rules.all) this.keys.settle(rule, this.progressOf(rule));
    const wakeAt = this.wakeAt();
    this.shard.wakeAt = wakeAt;
    this.store.writeShard(this.shard);
    return { outputs: this.outputs, duplicates: this.duplicates, wakeAt };
  }

  private wakeAt(): number | null {
    if (this.left) return this.now;
    let first: number | null = null;
    for (const rule of this.rules.all) {
      const { due, expiry } = this.progressOf(rule);
      const wake = due === null ? null : wakeAtFor(this.shard.sources, rule.definition, due, this.now);
      first = earliest(first, wake, expiry);
    }
    return first === null ? null : Math.max(first, this.now);
  }
}

/** A key that is past its time but still waits is asked about again after this long at the latest. */
const longestAsk = 3_600_000;

function isDue(due: number | null, at: number): boolean {
  return due !== null && due <= at;
}

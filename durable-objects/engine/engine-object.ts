import type { MaruEvent } from "../../contracts/events.ts";
import type { EffectState } from "../../contracts/rule-actions.ts";
import type { LeftOut } from "../../src/kernel/ports/events.ts";
import {
  type BatchResult,
  defaultLimits,
  type EffectEvent,
  type EffectQuery,
  type EffectsPage,
  type KeyExplanation,
  type KeyInput,
  keyText,
  leftOut,
  type Output,
  type PollResult,
  type RuleAtWork,
  type RuleHealth,
  type RuleSet,
  signalsOf,
  stepBatch,
  stepKeys,
  withHeld,
} from "../../src/modules/rules/index.ts";
import type { Env } from "../../src/platform/env.ts";
import { alertsOf, engineShardOf } from "../../src/platform/objects.ts";
import { BaseObject } from "../kit/base-object.ts";
import { changeState } from "./change-state.ts";
import { EffectsOutbox } from "./effects-outbox.ts";
import { FedTimes } from "./fed-times.ts";
import { type AtWork, RulesAtWork } from "./rules-at-work.ts";
import { engineSteps } from "./schema.ts";
import { SignalsOut } from "./signals-out.ts";
import { SqlShardStore } from "./store.ts";

/** An alarm looks after what was not sent right after its step. */
const sendDelayMs = 2_000;
/** A step that is a minute late was missed: the object was down. A repeat within a day is told from a new event. */
const limits = { ...defaultLimits, outageMs: 60_000, dedupeMs: 86_400_000 };

/**
 * The state of a tenant's rules, or of those of their keys that live on this shard: every shard sees every event, and
 * so the same time, and takes its own keys. A batch of events is one step and one transaction: state, timers, duplicates
 * seen and what is to be told of it. A batch that comes twice finds its events seen.
 */
export class EngineObject extends BaseObject {
  readonly #store: SqlShardStore;
  readonly #rules: RulesAtWork;
  readonly #signals: SignalsOut;
  readonly #effects: EffectsOutbox;
  readonly #fed: FedTimes;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, engineSteps);
    const { sql } = ctx.storage;
    this.#store = new SqlShardStore(sql);
    this.#rules = new RulesAtWork(sql, this.tenantId);
    this.#signals = new SignalsOut(sql);
    this.#fed = new FedTimes(ctx.storage);
    this.#effects = new EffectsOutbox({
      state: ctx,
      env,
      alarms: this.alarms,
      tenantId: () => this.tenantId,
      log: (...args) => this.log(...args),
    });
  }

  /**
   * Replaces the rules at work and makes their state fit: it goes on, starts afresh, or goes with its alerts. A set
   * that is older than the one at work, by `generation`, is ignored.
   */
  async setRules(rules: readonly RuleAtWork[], generation: number, shards = 1): Promise<void> {
    const now = Date.now();
    try {
      this.ctx.storage.transactionSync(() => {
        const changes = this.#rules.replace(rules, generation, shards);
        if (changes !== undefined) {
          const act = (outputs: readonly Output[], rule: AtWork) => this.#effects.keep(outputs, rule, now);
          this.#signals.keep(changeState(this.#store, changes, now, act));
          for (const { rule } of changes.retired) this.#fed.forget(rule.lineage);
        }
      });
    } finally {
      this.#rules.forget();
    }
    await this.#step(now, (set) => stepBatch(this.#store, set, [], now, this.#limits));
  }

  /** Asked of the first shard: the number of shards to go on with, or that holds where none is proposed. */
  agreeShards(shards: number | null): number {
    return shards === null ? this.#rules.shards() : this.#rules.agree(shards);
  }

  /**
   * Takes a batch of events, or their JSON; durable when it returns. Says which it left out; or takes none and says among how many
   * shards keys are divided, where the sender believes in another number.
   */
  async ingest(
    given: string | readonly MaruEvent[],
    shards = 1,
  ): Promise<LeftOut[] | { readonly shards: number }> {
    if (shards !== this.#rules.shards()) return { shards: this.#rules.shards() };
    const events = typeof given === "string" ? (JSON.parse(given) as MaruEvent[]) : given;
    const whole = events.some(({ dataref }) => dataref !== undefined)
      ? await Promise.all(events.map((event) => this.#withData(event)))
      : events;
    const now = Date.now();
    return leftOut(
      events,
      await this.#step(now, (set) => stepBatch(this.#store, set, whole, now, this.#limits)),
    );
  }

  /** Takes what a poll came to; each due time counts once. False: no such rule is at work. */
  samples(lineage: string, at: number, intervalMs: number, result: PollResult): Promise<boolean> {
    return this.#feed(lineage, () => this.#fed.poll(lineage, at, intervalMs, result));
  }

  /** Takes a run of a schedule, once. False: no such rule is at work. */
  run(lineage: string, scheduledFor: number): Promise<boolean> {
    return this.#feed(lineage, () => this.#fed.run(lineage, scheduledFor));
  }

  async #feed(lineage: string, take: () => readonly KeyInput[]): Promise<boolean> {
    const rule = this.#rules.find(lineage)?.compiled;
    if (rule === undefined) return false;
    const now = Date.now();
    await this.#step(now, (set) => {
      const inputs = take();
      if (inputs.length === 0) return stepBatch(this.#store, set, [], now, this.#limits);
      return stepKeys(this.#store, set, rule, inputs, now, this.#limits);
    });
    return true;
  }

  /** The watchdog's knock: sets the alarm to what is stored, whatever the platform has forgotten. */
  async rearm(): Promise<number | null> {
    await this.alarms.arm();
    return this.ctx.storage.getAlarm();
  }

  /** Large data travels as a reference to the tenant's own storage. */
  async #withData(event: MaruEvent): Promise<MaruEvent> {
    if (event.dataref === undefined || event.data !== undefined) return event;
    if (!event.dataref.startsWith(`${this.tenantId}/ingest/`)) return event;
    const kept = await this.env.BLOBS.get(event.dataref);
    return kept === null ? event : { ...event, data: await kept.json() };
  }

  /** How a rule's versions at work do. */
  health(ruleId: string): RuleHealth[] {
    const { rules } = this.#store.storedShard();
    return this.#rules.all().flatMap(({ rule: { ruleId: id, lineage, version, shadow } }) => {
      const progress = rules[lineage];
      if (id !== ruleId || progress === undefined) return [];
      const { keys, degraded, watermark, counters } = progress;
      const effects = this.#effects.counts(lineage);
      return [{ lineage, version, shadow, keys, degraded, watermark, counters, effects }];
    });
  }

  /** What the actions of a rule were to do, the newest first. */
  effects(query: EffectQuery): EffectsPage {
    return this.#effects.list(query);
  }

  /** Lets a dead effect be tried again; answers the state that it was in. */
  redrive(ruleId: string, key: string, event: EffectEvent): Promise<EffectState | null> {
    return this.#effects.redrive(ruleId, key, event);
  }

  /** How a key of a rule came to where it is. */
  explain(lineage: string, key: readonly unknown[]): KeyExplanation | null {
    const state = this.#store.storedKey(lineage, keyText(key as Parameters<typeof keyText>[0]));
    if (state === undefined) return null;
    const instances = Object.values(state.instances).map(({ labels, status }) => ({
      labels: { ...labels },
      status,
    }));
    return { key: state.key, instances, trace: withHeld(state.trace, state.held ?? []) };
  }

  protected override async wake(reason: string, now: number): Promise<number | undefined> {
    if (reason === "send") {
      await this.#send();
      return undefined;
    }
    if (reason.startsWith("effects")) return this.#effects.wake(reason, now);
    const { wakeAt } = await this.#step(now, (set) => stepBatch(this.#store, set, [], now, this.#limits));
    return wakeAt ?? undefined;
  }

  get #limits(): typeof limits {
    return { ...limits, place: { index: engineShardOf(this.name), count: this.#rules.shards() } };
  }

  /** One transaction: what a step decides is saved with what is to be told of it. */
  async #step(now: number, run: (set: RuleSet) => BatchResult): Promise<BatchResult> {
    const set = this.#rules.set();
    const result = this.ctx.storage.transactionSync(() => {
      this.#effects.mustLead();
      const stepped = run(set);
      this.#keep(stepped, now);
      return stepped;
    });
    const tells = !this.#signals.isEmpty();
    if (tells) this.alarms.sooner("send", now + sendDelayMs);
    // One that comes too early only asks again; moving it at each batch would be a write a batch.
    if (result.wakeAt !== null) this.alarms.sooner("step", result.wakeAt);
    await this.alarms.arm();
    if (result.outputs.length > 0) this.#effects.start();
    if (tells) this.ctx.waitUntil(this.#send().catch((error) => this.log("warn", "not told yet", { error })));
    return result;
  }

  #keep({ outputs }: BatchResult, now: number): void {
    if (outputs.length === 0) return;
    for (const atWork of this.#rules.all()) {
      const { rule } = atWork;
      if (rule.shadow) continue;
      const own = outputs.filter((output) => output.lineage === rule.lineage);
      this.#signals.keep(signalsOf(own, rule.definition, now));
      this.#effects.keep(own, atWork, now);
    }
  }

  async #send(): Promise<void> {
    const hub = alertsOf(this.env, this.tenantId);
    await this.#signals.send((signals) => hub.execute({ type: "signal", signals } as never, null));
    this.alarms.clear("send");
    await this.alarms.arm();
  }
}

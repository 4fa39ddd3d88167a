import type { AlertSignal } from "../../contracts/alerts.ts";
import type { MaruEvent } from "../../contracts/events.ts";
import type { LeftOut } from "../../src/kernel/ports/events.ts";
import {
  type BatchResult,
  type CompiledRule,
  type KeyExplanation,
  keyText,
  leftOut,
  mustCompile,
  type Output,
  type RuleAtWork,
  type RuleHealth,
  ruleSet,
  signalsOf,
  stepBatch,
} from "../../src/modules/rules/index.ts";
import type { Env } from "../../src/platform/env.ts";
import { alertsOf } from "../../src/platform/objects.ts";
import { BaseObject } from "../kit/base-object.ts";
import { engineSteps } from "./schema.ts";
import { SqlShardStore } from "./store.ts";

const signalsPerSend = 200;
/** An alarm looks after signals that were not sent right after their step. */
const sendDelayMs = 2_000;

interface AtWork {
  readonly rule: RuleAtWork;
  readonly compiled: CompiledRule;
}

/**
 * One a tenant: the state of its rules. A batch of events is one step and one transaction: state, timers, duplicates
 * seen and what the alert hub is to be told. A batch that comes twice finds its events seen.
 */
export class EngineObject extends BaseObject {
  readonly #store: SqlShardStore;
  /** Compiled rules; read anew from storage after an eviction. */
  #rules: readonly AtWork[] | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, engineSteps);
    this.#store = new SqlShardStore(ctx.storage.sql);
  }

  /** Replaces the rules at work. State of a lineage that is gone goes with it. */
  async setRules(rules: readonly RuleAtWork[]): Promise<void> {
    const { sql } = this.ctx.storage;
    this.ctx.storage.transactionSync(() => {
      sql.exec("delete from rules");
      for (const rule of rules) {
        const lineage = rule.shadow ? `${rule.lineage}~${rule.version}` : rule.lineage;
        sql.exec(
          "insert into rules (lineage, version, body) values (?, ?, ?)",
          lineage,
          rule.version,
          JSON.stringify({ ...rule, lineage }),
        );
      }
      const kept = "select lineage from rules";
      sql.exec(`delete from keys where lineage not in (${kept})`);
      sql.exec(`delete from timers where lineage not in (${kept})`);
    });
    this.#rules = undefined;
    await this.#step([], Date.now());
  }

  /** Takes a batch of events; durable when it returns. Says which it left out. */
  async ingest(events: readonly MaruEvent[]): Promise<LeftOut[]> {
    const whole = await Promise.all(events.map((event) => this.#withData(event)));
    return leftOut(events, await this.#step(whole, Date.now()));
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
    const { rules } = this.#store.readShard();
    return this.#atWork().flatMap(({ rule }) => {
      const progress = rules[rule.lineage];
      if (rule.ruleId !== ruleId || progress === undefined) return [];
      const { keys, degraded, watermark, counters } = progress;
      return [
        {
          lineage: rule.lineage,
          version: rule.version,
          shadow: rule.shadow,
          keys,
          degraded,
          watermark,
          counters,
        },
      ];
    });
  }

  /** How a key of a rule came to where it is. */
  explain(lineage: string, key: readonly unknown[]): KeyExplanation | null {
    const state = this.#store.readKey(lineage, keyText(key as Parameters<typeof keyText>[0]));
    if (state === undefined) return null;
    const instances = Object.values(state.instances).map(({ labels, status }) => ({
      labels: { ...labels },
      status,
    }));
    return { key: state.key, instances, trace: state.trace };
  }

  protected override async wake(reason: string, now: number): Promise<number | undefined> {
    if (reason === "send") {
      await this.#send();
      return undefined;
    }
    await this.#step([], now);
    return this.alarms.all().find((due) => due.reason === "step" && due.at > now)?.at;
  }

  async #step(events: readonly MaruEvent[], now: number): Promise<BatchResult> {
    const atWork = this.#atWork();
    const set = ruleSet(atWork.map(({ compiled }) => compiled));
    const { result, told } = this.ctx.storage.transactionSync(() => {
      const stepped = stepBatch(this.#store, set, events, now);
      return { result: stepped, told: this.#keepSignals(atWork, stepped.outputs) };
    });
    if (told > 0) this.alarms.sooner("send", now + sendDelayMs);
    if (result.wakeAt === null) this.alarms.clear("step");
    else this.alarms.set("step", result.wakeAt);
    await this.alarms.arm();
    if (told > 0)
      this.ctx.waitUntil(this.#send().catch((error) => this.log("warn", "signals not sent yet", { error })));
    return result;
  }

  #keepSignals(atWork: readonly AtWork[], outputs: readonly Output[]): number {
    const { sql } = this.ctx.storage;
    let told = 0;
    for (const { rule } of atWork) {
      if (rule.shadow) continue;
      const own = outputs.filter((output) => output.lineage === rule.lineage);
      for (const signal of signalsOf(own, rule.definition.name, 0)) {
        sql.exec("insert into signals_out (body) values (?)", JSON.stringify(signal));
        told++;
      }
    }
    return told;
  }

  /** Tells the hub, in order; a signal may be told twice, the hub knows it by its order. */
  async #send(): Promise<void> {
    const { sql } = this.ctx.storage;
    for (;;) {
      const rows = sql
        .exec<{ seq: number; body: string }>(
          "select seq, body from signals_out order by seq limit ?",
          signalsPerSend,
        )
        .toArray();
      const last = rows.at(-1);
      if (last === undefined) break;
      const signals = rows.map(({ seq, body }) => ({ ...(JSON.parse(body) as AlertSignal), seq }));
      await alertsOf(this.env, this.tenantId).execute({ type: "signal", signals } as never, null);
      sql.exec("delete from signals_out where seq <= ?", last.seq);
    }
    this.alarms.clear("send");
    await this.alarms.arm();
  }

  #atWork(): readonly AtWork[] {
    this.#rules ??= this.ctx.storage.sql
      .exec<{ body: string }>("select body from rules order by lineage, version")
      .toArray()
      .map(({ body }) => {
        const rule = JSON.parse(body) as RuleAtWork;
        const compiled = mustCompile(rule.definition, { tenantId: this.tenantId, lineage: rule.lineage });
        return { rule, compiled };
      });
    return this.#rules;
  }
}

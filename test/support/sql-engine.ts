import type { AlertSignal } from "../../contracts/alerts.ts";
import type { MaruEvent } from "../../contracts/events.ts";
import { effectSteps } from "../../durable-objects/engine/effects-schema.ts";
import { EffectStore } from "../../durable-objects/engine/effects-store.ts";
import { engineSteps } from "../../durable-objects/engine/schema.ts";
import { SignalsOut } from "../../durable-objects/engine/signals-out.ts";
import { SqlShardStore } from "../../durable-objects/engine/store.ts";
import type { Sql } from "../../durable-objects/jobs/sql.ts";
import { newEffect } from "../../src/modules/rules/actions/new-effect.rules.ts";
import type { CompiledRule } from "../../src/modules/rules/engine/compile/compiled-rule.ts";
import type { Output } from "../../src/modules/rules/engine/outputs.ts";
import { ruleSet } from "../../src/modules/rules/engine/shard/rule-set.ts";
import { type BatchResult, stepBatch } from "../../src/modules/rules/engine/shard/step-batch.ts";
import { signalsOf } from "../../src/modules/rules/signals-of.rules.ts";
import { type NodeSql, nodeSqlStorage } from "./node-sql-storage.ts";

/** The stores of an engine object over Node's SQLite, and its step: one transaction for all that it decides. */
export class SqlEngine {
  readonly storage: NodeSql;
  readonly rules: readonly CompiledRule[];
  wakeAt: number | null = null;
  /** Called before and after every statement; what it throws ends the step. */
  onStatement: () => void = () => undefined;
  private store!: SqlShardStore;
  private signals!: SignalsOut;
  private effects!: EffectStore;

  constructor(rules: readonly CompiledRule[], path?: string) {
    this.rules = rules;
    this.storage = nodeSqlStorage([...engineSteps, ...effectSteps], path);
    this.restart();
  }

  /** Forgets what is in memory, as an object does that is made again. */
  restart(): void {
    const sql: Sql = {
      exec: (query, ...bindings) => {
        this.onStatement();
        const result = this.storage.exec(query, ...bindings);
        this.onStatement();
        return result as never;
      },
    };
    this.store = new SqlShardStore(sql);
    this.signals = new SignalsOut(sql);
    this.effects = new EffectStore(sql);
  }

  /** A step with what follows from it, in one transaction; nothing of it stays when it throws. */
  step(events: readonly MaruEvent[], now: number): BatchResult {
    return this.transaction(() => {
      const result = stepBatch(this.store, ruleSet(this.rules), events, now);
      for (const rule of this.rules) this.keep(rule, result.outputs, now);
      this.wakeAt = result.wakeAt;
      return result;
    });
  }

  /** What throws, or is told to, leaves storage as it was. */
  transaction<T>(work: () => T, keep = true): T {
    const { database } = this.storage;
    database.exec("savepoint work");
    let done = false;
    try {
      const result = work();
      done = keep;
      return result;
    } finally {
      if (!done) database.exec("rollback to work");
      database.exec("release work");
    }
  }

  private keep(rule: CompiledRule, outputs: readonly Output[], now: number): void {
    const own = outputs.filter(({ lineage }) => lineage === rule.lineage);
    this.signals.keep(signalsOf(own, rule.definition, now));
    for (const output of own) {
      if (output.kind !== "effect") continue;
      const about = { ruleId: rule.lineage, version: 1, projectId: null, compiled: rule };
      const effect = newEffect(output, about);
      if (effect !== undefined) this.effects.keep(effect, now);
    }
  }

  send(tell: (signals: readonly AlertSignal[]) => Promise<unknown>): Promise<void> {
    return this.signals.send(tell);
  }

  all<Row>(query: string): Row[] {
    return this.storage.exec(query).toArray() as Row[];
  }

  /** Everything that decides what happens next, but numbers that only storage knows. */
  contents() {
    return {
      shard: this.all("select body from shard"),
      keys: this.all("select lineage, key, due, expiry, body from keys order by lineage, key"),
      seen: this.all("select id, source, at from seen order by id, source"),
      signals: this.all("select body from signals_out order by seq"),
      effects: this.all("select key, state, body from effects order by key"),
    };
  }
}

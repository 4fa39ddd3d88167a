import { DurableObject } from "cloudflare:workers";
import type { Log } from "../../src/kernel/context.ts";
import { configOf } from "../../src/platform/config.ts";
import type { Env } from "../../src/platform/env.ts";
import { jsonLog } from "../../src/platform/log.ts";
import { tenantOf } from "../../src/platform/objects.ts";
import { Alarms, alarmSteps } from "./alarms.ts";
import { migrate } from "./migrate.ts";

const nameSteps = ["create table object_name (name text primary key)"];

/**
 * What every object with state shares: its schema is brought up to date before anything else runs, it knows its own
 * name even when an alarm wakes it, and many reasons share its alarm. Memory is a cache; storage is the truth.
 */
export abstract class BaseObject extends DurableObject<Env> {
  protected readonly alarms: Alarms;
  /** The name that `platform/objects.ts` gave, `tenant:thing`. */
  protected readonly name: string;

  /** `steps` is the append-only schema of the object. */
  constructor(ctx: DurableObjectState, env: Env, steps: readonly string[]) {
    super(ctx, env);
    migrate(ctx.storage, nameSteps, "name");
    migrate(ctx.storage, alarmSteps, "alarms");
    migrate(ctx.storage, steps);
    this.name = this.#rememberName();
    this.alarms = new Alarms(ctx.storage);
    void ctx.blockConcurrencyWhile(() => this.alarms.arm());
  }

  protected get tenantId(): string {
    return tenantOf(this.name);
  }

  protected get log(): Log {
    return jsonLog(configOf(this.env).MARU_LOG_LEVEL, { object: this.name, tenantId: this.tenantId });
  }

  /** Handles one due reason; the answer is when the same reason is due again. Must be safe to repeat. */
  protected abstract wake(reason: string, now: number): Promise<number | undefined>;

  /** Proves that the object answers. */
  ping(): "ok" {
    return "ok";
  }

  override async alarm(): Promise<void> {
    try {
      for (const due of this.alarms.take(Date.now())) {
        try {
          this.alarms.succeeded(due, await this.wake(due.reason, Date.now()));
        } catch (error) {
          this.alarms.failed(due, Date.now());
          this.log("error", "an alarm failed", { reason: due.reason, failures: due.failures + 1, error });
        }
      }
    } finally {
      await this.alarms.arm();
    }
  }

  #rememberName(): string {
    const { sql } = this.ctx.storage;
    const [known] = sql.exec<{ name: string }>("select name from object_name").toArray();
    if (known !== undefined) return known.name;
    const name = this.ctx.id.name ?? "";
    if (name !== "") sql.exec("insert into object_name (name) values (?)", name);
    return name;
  }
}

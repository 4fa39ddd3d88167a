import { newId } from "../../src/kernel/ids.ts";
import { shareOut } from "../../src/modules/jobs/fair-share.rules.ts";
import type { Env } from "../../src/platform/env.ts";
import { laneCapacity, laneQueue, type Permit } from "../../src/platform/lanes.ts";
import { BaseObject } from "../kit/base-object.ts";
import { laneSteps } from "./schema.ts";

/** A turn that nobody gave back by then is counted as lost: longer than a queue consumer may run. */
const permitLifeMs = 16 * 60_000;

interface FlowRow extends Record<string, SqlStorageValue> {
  readonly tenantId: string;
  readonly waiting: number;
  readonly weight: number;
  readonly credit: number;
}

/**
 * One a lane: divides the lane's workers between tenants. A tenant's job object asks for turns; each turn is a queue
 * message, which a consumer gives back when it is done. No tenant's backlog can keep another's jobs from running.
 */
export class LanesObject extends BaseObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, laneSteps);
  }

  /** A tenant has work for `count` more turns. */
  async request(tenantId: string, count: number, weight: number): Promise<void> {
    this.ctx.storage.sql.exec(
      `insert into flows (tenant_id, waiting, weight, credit) values (?, ?, ?, 0)
       on conflict (tenant_id) do update set waiting = waiting + excluded.waiting, weight = excluded.weight`,
      tenantId,
      count,
      weight,
    );
    await this.#dispatch();
  }

  /** Turns that were used. */
  async giveBack(permitIds: readonly string[]): Promise<void> {
    for (const id of permitIds) this.ctx.storage.sql.exec("delete from permits where id = ?", id);
    await this.#dispatch();
  }

  /** Turns out and turns waited for. */
  load(): { readonly out: number; readonly waiting: number } {
    const { sql } = this.ctx.storage;
    const { out } = sql.exec<{ out: number }>("select count(*) as out from permits").one();
    const { waiting } = sql
      .exec<{ waiting: number }>("select coalesce(sum(waiting), 0) as waiting from flows")
      .one();
    return { out, waiting };
  }

  protected override async wake(_reason: string, now: number): Promise<number | undefined> {
    this.ctx.storage.sql.exec("delete from permits where issued_at <= ?", now - permitLifeMs);
    await this.#dispatch();
    const [oldest] = this.ctx.storage.sql
      .exec<{ issuedAt: number }>("select issued_at as issuedAt from permits order by issued_at limit 1")
      .toArray();
    return oldest === undefined ? undefined : oldest.issuedAt + permitLifeMs;
  }

  async #dispatch(): Promise<void> {
    const lane = this.name.slice(this.name.indexOf("lane-") + 5);
    const now = Date.now();
    const permits = this.ctx.storage.transactionSync(() => this.#grant(lane, now));
    if (permits.length === 0) return;
    try {
      const queue = laneQueue(this.env, lane);
      for (let i = 0; i < permits.length; i += 100) {
        await queue.sendBatch(permits.slice(i, i + 100).map((body) => ({ body })));
      }
    } catch (error) {
      this.log("warn", "permits not sent", { lane, error });
      this.ctx.storage.transactionSync(() => this.#takeBack(permits));
      this.alarms.sooner("retry", now + 1_000);
    }
    this.alarms.sooner("expire", now + permitLifeMs);
    await this.alarms.arm();
  }

  #grant(lane: string, now: number): Permit[] {
    const { sql } = this.ctx.storage;
    const { out } = this.load();
    const free = laneCapacity(lane) - out;
    if (free <= 0) return [];
    const rows = sql
      .exec<FlowRow>("select tenant_id as tenantId, waiting, weight, credit from flows where waiting > 0")
      .toArray();
    const flows = rows.map(({ tenantId, waiting, weight, credit }) => ({
      key: tenantId,
      weight,
      demand: waiting,
      room: waiting,
      credit,
    }));
    const { grants, credits } = shareOut(flows, free);
    for (const { tenantId, waiting } of rows) {
      const left = waiting - (grants[tenantId] ?? 0);
      if (left === 0) sql.exec("delete from flows where tenant_id = ?", tenantId);
      else
        sql.exec(
          "update flows set waiting = ?, credit = ? where tenant_id = ?",
          left,
          credits[tenantId] ?? 0,
          tenantId,
        );
    }
    const permits = Object.entries(grants).flatMap(([tenantId, count]) =>
      Array.from({ length: count }, () => ({ tenantId, lane, permitId: newId("per", now) })),
    );
    for (const { permitId, tenantId } of permits) {
      sql.exec("insert into permits (id, tenant_id, issued_at) values (?, ?, ?)", permitId, tenantId, now);
    }
    return permits;
  }

  #takeBack(permits: readonly Permit[]): void {
    const { sql } = this.ctx.storage;
    for (const { permitId, tenantId } of permits) {
      sql.exec("delete from permits where id = ?", permitId);
      sql.exec(
        `insert into flows (tenant_id, waiting, weight, credit) values (?, 1, 1, 0)
         on conflict (tenant_id) do update set waiting = waiting + 1`,
        tenantId,
      );
    }
  }
}

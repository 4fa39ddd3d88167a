import { DurableObject } from "cloudflare:workers";
import type { MaruEvent } from "../../contracts/events.ts";
import type { Env } from "../../src/platform/env.ts";
import { engineOf } from "../../src/platform/objects.ts";
import product from "../../src/worker.ts";
import { requestEvents } from "../kit/rule-subjects.ts";
import type { RulesOutcome, RulesPlan } from "./rules-plan.ts";

export * from "../../src/worker.ts";

interface BenchEnv extends Env {
  readonly BARE: DurableObjectNamespace<BareObject>;
}

/** The limit that an object's storage sets: each batch is one transaction with a row an event and the batch beside it. */
export class BareObject extends DurableObject {
  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as never);
    ctx.storage.sql.exec(
      "create table if not exists rows (source text not null, id text not null, at integer not null, primary key (source, id)) without rowid",
    );
  }

  take(events: readonly MaruEvent[]): number {
    const { sql } = this.ctx.storage;
    this.ctx.storage.transactionSync(() => {
      for (const { source, id, ingesttime } of events)
        sql.exec("insert or replace into rows (source, id, at) values (?, ?, ?)", source, id, ingesttime);
    });
    return events.length;
  }

  /** Makes the batches itself; each is on disk before the next. */
  async alone(first: number, count: number, batch: number, keys: number, from: number): Promise<void> {
    for (let at = 0; at < count; at += batch) {
      this.take(requestEvents(first + at, Math.min(batch, count - at), keys, from));
      await this.ctx.storage.sync();
    }
  }
}

type Loop = Exclude<RulesPlan, { readonly kind: "rules" }>;

async function loop(plan: Loop, take: (events: MaruEvent[]) => Promise<unknown>): Promise<void> {
  const { first, events, batch, keys, inFlight } = plan;
  const from = Date.now() - first - events;
  let next = 0;
  const sender = async () => {
    while (next < events) {
      const at = next;
      next += batch;
      await take(requestEvents(first + at, Math.min(batch, events - at), keys, from));
    }
  };
  await Promise.all(Array.from({ length: inFlight }, sender));
}

async function run(env: BenchEnv, plan: RulesPlan): Promise<RulesOutcome> {
  const startedAt = performance.now();
  if (plan.kind === "rules") {
    await engineOf(env, plan.tenant).setRules(plan.rules as never, startedAt);
  } else if (plan.kind === "engine") {
    const engine = engineOf(env, plan.tenant);
    await loop(plan, (events) => engine.ingest(events as never));
  } else if (plan.kind === "bare") {
    const bare = env.BARE.getByName(plan.tenant);
    await loop(plan, (events) => bare.take(events as never));
  } else {
    const { first, events, batch, keys } = plan;
    await env.BARE.getByName(plan.tenant).alone(first, events, batch, keys, Date.now() - first - events);
  }
  return { elapsedMs: performance.now() - startedAt };
}

const accepted = async () => ({});
/** What the gate keeps for backtests goes to a store that acknowledges at once: no R2 is measured. */
const blobs = { put: accepted, get: async () => null, delete: accepted, head: async () => null };
const queue = { send: accepted, sendBatch: accepted };

export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (pathname === "/bench") return Response.json(await run(env, await request.json<RulesPlan>()));
    if (pathname === "/bare") {
      const events = await request.json<MaruEvent[]>();
      return Response.json(await env.BARE.getByName("http").take(events as never));
    }
    const own = { ...env, BLOBS: blobs, EVENTS: queue } as unknown as Env;
    return product.fetch(request as never, own, ctx);
  },
} satisfies ExportedHandler<BenchEnv>;

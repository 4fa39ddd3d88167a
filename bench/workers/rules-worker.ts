import { DurableObject } from "cloudflare:workers";
import type { RoutingConfig } from "../../contracts/alerts.ts";
import type { MaruEvent } from "../../contracts/events.ts";
import { AlertsObject as RealAlertsObject } from "../../durable-objects/alerts/alerts-object.ts";
import type { Env } from "../../src/platform/env.ts";
import { alertsOf, engineOf } from "../../src/platform/objects.ts";
import product from "../../src/worker.ts";
import { requestEvents } from "../kit/rule-subjects.ts";
import type { RulesOutcome, RulesPlan } from "./rules-plan.ts";

export {
  EngineObject,
  JobsObject,
  LanesObject,
  LedgerObject,
  LimitsObject,
  MetersObject,
  SchedulerObject,
} from "../../src/worker.ts";

/** When each notification was handed to the queue of its channel, by the host that it is about. */
const handedOut: number[] = [];

/** The product's object; what it hands to a channel is only timed. */
export class AlertsObject extends RealAlertsObject {
  constructor(ctx: DurableObjectState, env: Env) {
    const sendBatch = async (messages: readonly unknown[]) =>
      void handedOut.push(...messages.map(() => performance.now()));
    super(ctx, { ...env, DELIVER: { sendBatch } } as unknown as Env);
  }
}

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

type Loop = Extract<RulesPlan, { readonly inFlight: number }>;

const routing: RoutingConfig = {
  route: { receiver: "bench", groupBy: ["host"], groupWaitMs: 0 },
  receivers: [{ name: "bench", channels: [{ channelId: "bench" }] }],
  inhibitions: [],
  maintenance: [],
  timeIntervals: {},
};

/** One event after the other makes an alert fire; milliseconds until its notification is with the channel's queue. */
async function notify(env: BenchEnv, tenant: string, count: number): Promise<number[]> {
  await alertsOf(env, tenant).execute({ type: "set_config", config: routing } as never, null);
  const engine = engineOf(env, tenant);
  const taken: number[] = [];
  for (let n = 0; n < count; n++) {
    const [event] = requestEvents(n, 1, count, Date.now() - n);
    const known = handedOut.length;
    const at = performance.now();
    await engine.ingest([event] as never);
    while (handedOut.length === known) await scheduler.wait(0);
    taken.push((handedOut.at(-1) ?? at) - at);
  }
  return taken;
}

async function loop(plan: Loop, take: (events: MaruEvent[]) => Promise<unknown>): Promise<void> {
  const { first, events, batch, keys, inFlight } = plan;
  const { from, stepMs } = plan.pace ?? { from: Date.now() - first - events, stepMs: 1 };
  let next = 0;
  const sender = async () => {
    while (next < events) {
      const at = next;
      next += batch;
      await take(requestEvents(first + at, Math.min(batch, events - at), keys, from, stepMs));
    }
  };
  await Promise.all(Array.from({ length: inFlight }, sender));
}

async function run(env: BenchEnv, plan: RulesPlan): Promise<RulesOutcome> {
  const startedAt = performance.now();
  if (plan.kind === "rules") {
    await engineOf(env, plan.tenant).setRules(plan.rules as never, startedAt);
  } else if (plan.kind === "notify") {
    return { elapsedMs: 0, latencies: await notify(env, plan.tenant, plan.count) };
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
  return { elapsedMs: performance.now() - startedAt, latencies: [] };
}

const accepted = async () => ({});
/** What the gate keeps for backtests goes to a store that acknowledges at once: no R2 is measured. */
const blobs = { put: accepted, get: async () => null, delete: accepted, head: async () => null };
const queue = { send: accepted, sendBatch: accepted };
let own: Env | undefined;

export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (pathname === "/bench") return Response.json(await run(env, await request.json<RulesPlan>()));
    if (pathname === "/bare") {
      const events = await request.json<MaruEvent[]>();
      const rows = events.map((event) => ({ ...event, ingesttime: 0 }));
      return Response.json(await env.BARE.getByName("http").take(rows as never));
    }
    // Made once: what the product derives from it is remembered by it.
    own ??= { ...env, BLOBS: blobs, EVENTS: queue } as unknown as Env;
    return product.fetch(request as never, own, ctx);
  },
} satisfies ExportedHandler<BenchEnv>;

import type { EffectState } from "../../contracts/rule-actions.ts";
import { openSession, type Session } from "../../src/context.ts";
import { recordEvents } from "../../src/db/write.ts";
import type { Log } from "../../src/kernel/context.ts";
import { newId } from "../../src/kernel/ids.ts";
import {
  type ClaimedEffect,
  type EffectCounts,
  type EffectEvent,
  type EffectQuery,
  type EffectStep,
  type EffectsPage,
  newEffect,
  nextEffectStep,
  type Output,
} from "../../src/modules/rules/index.ts";
import type { Env } from "../../src/platform/env.ts";
import { pokeLedger } from "../../src/platform/objects.ts";
import { performEffect } from "../../src/reactions/perform-effect.ts";
import type { Alarms } from "../kit/alarms.ts";
import { migrate } from "../kit/migrate.ts";
import { EffectsEpoch } from "./effects-epoch.ts";
import { effectSteps } from "./effects-schema.ts";
import { EffectStore } from "./effects-store.ts";
import type { AtWork } from "./rules-at-work.ts";

/** What the outbox uses of the object that it lives in. */
export interface OutboxHost {
  readonly state: DurableObjectState;
  readonly env: Env;
  readonly alarms: Alarms;
  readonly tenantId: () => string;
  readonly log: Log;
}

/** Receivers that are called at a time: the platform's connections of one request. */
const mostSenders = 6;
/** Longer than an attempt can take. */
const leaseMs = 60_000;
/** An alarm looks after what was not sent right after its step. */
const insuranceMs = 2_000;
const eventsDelayMs = 500;
const eventsPerRound = 50;
const keptMs = 30 * 86_400_000;
const sweepEveryMs = 3_600_000;
const sweptPerRound = 1_000;

/**
 * What the actions of rules do: each effect is a row, written with its decision, before it is sent, and sent again under
 * the same key until the receiver has taken it or it is given up. Only the newest instance of the object may send.
 */
export class EffectsOutbox {
  readonly #host: OutboxHost;
  readonly #store: EffectStore;
  readonly #epoch: EffectsEpoch;
  #senders = 0;

  constructor(host: OutboxHost) {
    this.#host = host;
    migrate(host.state.storage, effectSteps, "effects");
    this.#store = new EffectStore(host.state.storage.sql);
    this.#epoch = new EffectsEpoch(host.state.storage.sql);
  }

  /** Keeps what a rule's outputs ask to be done, inside the transaction of the step. */
  keep(outputs: readonly Output[], { rule, compiled }: AtWork, now: number): void {
    if (rule.shadow) return;
    const { ruleId, version, projectId = null } = rule;
    for (const output of outputs) {
      if (output.kind !== "effect") continue;
      const effect = newEffect(output, { ruleId, version, projectId, compiled });
      if (effect === undefined) continue;
      const fault = this.#store.keep(effect, now);
      if (fault !== undefined)
        this.#keepEvent(eventOf({ ...effect, attempt: 0 }, { state: "dead", detail: fault }, now), now);
      this.#host.alarms.sooner("effects", now + insuranceMs);
      this.#host.alarms.sooner("effects-sweep", now + sweepEveryMs);
    }
  }

  /** Sends what is due, without waiting for it: receivers may be slow, decisions may not. */
  start(): void {
    while (this.#senders < mostSenders) {
      const first = this.#claim();
      if (first === undefined) return;
      this.#senders += 1;
      const sender = this.#sendFrom(first)
        .catch((error: unknown) => this.#host.log("warn", "effects not sent yet", { error }))
        .finally(() => this.#senders--);
      this.#host.state.waitUntil(sender);
    }
  }

  /** Handles an alarm of the outbox; the answer is when it is due again. */
  async wake(reason: string, now: number): Promise<number | undefined> {
    switch (reason) {
      case "effects":
        this.start();
        return this.#nextWake(now);
      case "effects-events":
        return (await this.#recordEvents()) === eventsPerRound ? now : undefined;
      default:
        return now + (this.#store.sweep(now - keptMs, sweptPerRound) ? eventsDelayMs : sweepEveryMs);
    }
  }

  /** Throws when a newer instance of the object has taken over. */
  mustLead(): void {
    this.#epoch.mustLead();
  }

  list(query: EffectQuery): EffectsPage {
    return this.#store.list(query);
  }

  counts(lineage: string): EffectCounts {
    return this.#store.counts(lineage);
  }

  /** Lets a dead effect be tried again, and keeps the event of it. Answers the state that it was in. */
  async redrive(ruleId: string, key: string, event: EffectEvent): Promise<EffectState | null> {
    const now = Date.now();
    const before = this.#host.state.storage.transactionSync(() => {
      this.#epoch.mustLead();
      const state = this.#store.redrive(ruleId, key, now);
      if (state === "dead") this.#keepEvent(event, now);
      return state ?? null;
    });
    if (before !== "dead") return before;
    this.#host.alarms.sooner("effects", now + insuranceMs);
    await this.#host.alarms.arm();
    this.start();
    return before;
  }

  /** While every sender is busy, what waits is looked after a little later. */
  #nextWake(now: number): number | undefined {
    const next = this.#store.nextAt();
    if (next === null) return undefined;
    return next <= now ? now + insuranceMs : next;
  }

  /** Sends one effect, then whatever is due. */
  async #sendFrom(first: ClaimedEffect): Promise<void> {
    const { state, env, alarms } = this.#host;
    for (let effect: ClaimedEffect | undefined = first; effect !== undefined; effect = this.#claim()) {
      const session = openSession(env, new Date(), (work) => state.waitUntil(work));
      try {
        await this.#send(session, effect);
      } finally {
        state.waitUntil(session.db.close());
      }
    }
    const next = this.#nextWake(Date.now());
    if (next === undefined) alarms.clear("effects");
    else alarms.set("effects", next);
    await alarms.arm();
  }

  #claim(): ClaimedEffect | undefined {
    const now = Date.now();
    return this.#host.state.storage.transactionSync(() => {
      const effect = this.#store.claim(now, now + leaseMs, this.#epoch.mustLead());
      if (effect?.delivery === "atMostOnce")
        this.#keepEvent(eventOf(effect, { state: "sent", detail: "sent once", jobId: null }, now), now);
      return effect;
    });
  }

  async #send(session: Session, effect: ClaimedEffect): Promise<void> {
    const outcome = await performEffect(session, this.#host.tenantId(), effect);
    const now = Date.now();
    const step = nextEffectStep(outcome, effect.tries, effect.delivery, now, Math.random);
    this.#host.state.storage.transactionSync(() => {
      const mine = this.#store.settle(effect, step, this.#epoch.mustLead(), now);
      const told = step.state === "dead" || (step.state === "sent" && effect.delivery !== "atMostOnce");
      if (mine && told) this.#keepEvent(eventOf(effect, step, now), now);
    });
  }

  #keepEvent(event: EffectEvent, now: number): void {
    const { storage } = this.#host.state;
    storage.sql.exec(
      "insert or replace into effect_events (id, body) values (?, ?)",
      event.id,
      JSON.stringify(event),
    );
    this.#host.alarms.sooner("effects-events", now + eventsDelayMs);
  }

  /** Events go to the ledger some at a time; one that goes twice is taken once. */
  async #recordEvents(): Promise<number> {
    const { state, env } = this.#host;
    const { sql } = state.storage;
    const rows = sql
      .exec<{ id: string; body: string }>(
        "select id, body from effect_events order by id limit ?",
        eventsPerRound,
      )
      .toArray();
    if (rows.length === 0) return 0;
    const tenantId = this.#host.tenantId();
    const session = openSession(env, new Date(), (work) => state.waitUntil(work));
    try {
      const events = rows.map(({ body }) => JSON.parse(body) as EffectEvent);
      await recordEvents(
        session.db,
        events.map(({ at, ...event }) => ({ ...event, tenantId, now: new Date(at) })),
      );
    } finally {
      await session.db.close();
    }
    for (const { id } of rows) sql.exec("delete from effect_events where id = ?", id);
    await pokeLedger(env, tenantId);
    return rows.length;
  }
}

type Sent = Omit<ClaimedEffect, "seq" | "tries">;

/** The event of an effect that was sent or given up. */
function eventOf(effect: Sent, step: EffectStep, at: number): EffectEvent {
  const { key, ruleId, version, actionId, kind, occasion, target, attempt, projectId } = effect;
  const jobId = step.state === "sent" && step.jobId !== null ? { jobId: step.jobId } : {};
  return {
    id: newId("evt", at),
    at,
    actor: { kind: "system", id: "rules" },
    action: "rules.effect.send",
    entity: `rule:${ruleId}`,
    ...(projectId === null ? {} : { projectId }),
    after: {
      key,
      version,
      actionId,
      kind,
      occasion,
      target,
      state: step.state,
      attempts: attempt,
      detail: step.detail,
      ...jobId,
    },
    requestId: newId("req", at),
    traceId: crypto.randomUUID().replaceAll("-", ""),
  };
}

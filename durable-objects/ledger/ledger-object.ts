import { openSession, type Session } from "../../src/context.ts";
import type { LedgerHead } from "../../src/kernel/ports/ledger.ts";
import { nextMessageAt } from "../../src/modules/audit/index.ts";
import type { Env } from "../../src/platform/env.ts";
import { outboxHandlers } from "../../src/reactions/outbox-handlers.ts";
import { BaseObject } from "../kit/base-object.ts";
import { relayOutbox } from "./relay-outbox.ts";
import { ledgerSteps } from "./schema.ts";
import { sealEvents } from "./seal-events.ts";
import { LedgerStore } from "./store.ts";

const maxRounds = 10;
/** An alarm may take 15 minutes; what is left after this long is taken up by the next. */
const wakeTimeMs = 120_000;

/** One a tenant: chains its events and relays its outbox. */
export class LedgerObject extends BaseObject {
  readonly #store: LedgerStore;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, ledgerSteps);
    this.#store = new LedgerStore(ctx.storage);
  }

  /** Something was written: chain it and send what is to be sent, soon. Durable once it returns. */
  async poke(): Promise<void> {
    const now = Date.now();
    this.alarms.sooner("seal", now);
    this.alarms.sooner("relay", now);
    await this.alarms.arm();
  }

  /** The end of the chain as this object remembers it. */
  head(): LedgerHead {
    const head = this.#store.head();
    return { ...head, reserved: this.#store.reserved().at(-1)?.seq ?? head.seq };
  }

  protected override async wake(reason: string, now: number): Promise<number | undefined> {
    const session = openSession(this.env, new Date(now), (work) => this.ctx.waitUntil(work));
    try {
      return await (reason === "seal" ? this.#seal(session) : this.#relay(session));
    } finally {
      this.ctx.waitUntil(session.ports.meter.flush());
      await session.db.close();
    }
  }

  async #seal(session: Session): Promise<number | undefined> {
    for (let round = 0; round < maxRounds; round++) {
      const sealed = await sealEvents(session.db, this.tenantId, this.#store);
      if (sealed === 0) return undefined;
      session.ports.meter.count("maru_audit_events_sealed_total", {}, sealed);
    }
    return Date.now();
  }

  async #relay(session: Session): Promise<number | undefined> {
    const until = session.now.getTime() + wakeTimeMs;
    for (let round = 0; round < maxRounds && Date.now() < until; round++) {
      const taken = await relayOutbox(session, this.tenantId, outboxHandlers, this.log);
      if (taken === 0) return (await nextMessageAt(session.db, this.tenantId))?.getTime();
    }
    return Date.now();
  }
}

import type { RoutingConfig } from "../../contracts/alerts.ts";
import { openSession } from "../../src/context.ts";
import { recordEvents } from "../../src/db/write.ts";
import {
  type AlertChanges,
  type AlertEvent,
  type AlertFilter,
  type AlertsPage,
  type AlertView,
  alertViewOf,
  decideAlerts,
  type Entry,
  type EntryKind,
  explainNotification,
  HubCache,
  type HubCommand,
  type HubReply,
  listAlertRows,
  type NotificationExplanation,
  type NotifyEffect,
  type SilenceView,
  silenceCounts,
  silenceState,
} from "../../src/modules/alerts/index.ts";
import { intervalTimetable, maintenanceTimetable } from "../../src/modules/schedules/index.ts";
import type { Env } from "../../src/platform/env.ts";
import { pokeLedger } from "../../src/platform/objects.ts";
import { BaseObject } from "../kit/base-object.ts";
import { WaitingReaders } from "../kit/waiting-readers.ts";
import { hubSteps } from "./schema.ts";
import { SqlHubStore } from "./store.ts";

const timelineLimit = 200;
const changesPerPage = 100;
const rowsPerSend = 50;
/** An alarm looks after what was not sent right after its decision. */
const sendDelayMs = 2_000;

/** The calendar that the hub asks, over the schedules' decisions. */
const calendar = {
  isActive: (times: Parameters<typeof maintenanceTimetable>[0], at: number) =>
    timetableOf(times).isActive(at),
  nextChange: (times: Parameters<typeof maintenanceTimetable>[0], at: number) =>
    timetableOf(times).nextChange(at),
};

function timetableOf(times: Parameters<typeof maintenanceTimetable>[0]) {
  return times.kind === "intervals" ? intervalTimetable(times.intervals) : maintenanceTimetable(times);
}

/**
 * One a tenant: the truth about its alerts. Signals are merged, muted, grouped and routed by the hub's pure decisions;
 * each notification is a row before it is handed to the queue, and is handed out again until it is reported.
 */
export class AlertsObject extends BaseObject {
  readonly #store: SqlHubStore;
  readonly #cache = new HubCache();
  readonly #waiting = new WaitingReaders();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, hubSteps);
    this.#store = new SqlHubStore(ctx.storage.sql);
  }

  /** Decides one command. The audit event of a change is saved with it and recorded afterwards. */
  async execute<C extends HubCommand>(command: C, event: AlertEvent | null = null): Promise<HubReply<C>> {
    const now = Date.now();
    const { sql } = this.ctx.storage;
    const decision = this.ctx.storage.transactionSync(() => {
      const parts = { tenantId: this.tenantId, store: this.#store, calendar, cache: this.#cache };
      const decided = decideAlerts(parts, command, now);
      for (const { id, channelId } of decided.effects) {
        sql.exec("insert or replace into handed_out (id, channel_id) values (?, ?)", id, channelId);
      }
      if (event !== null && decided.reply.ok) {
        sql.exec(
          "insert or replace into events_out (id, body) values (?, ?)",
          event.id,
          JSON.stringify(event),
        );
      }
      return decided;
    });
    const sends = decision.effects.length > 0 || (event !== null && decision.reply.ok);
    if (sends) this.alarms.sooner("send", now + sendDelayMs);
    this.#waiting.wake();
    if (decision.wakeAt === null) this.alarms.clear("tick");
    else this.alarms.set("tick", decision.wakeAt);
    await this.alarms.arm();
    if (sends) this.ctx.waitUntil(this.#send().catch((error) => this.log("warn", "not sent yet", { error })));
    return decision.reply;
  }

  /** An alert with what happened to it, the latest first. */
  find(fingerprint: string): AlertView | null {
    const row = this.#store.findAlert(fingerprint);
    if (row === undefined) return null;
    return alertViewOf(
      row,
      Date.now(),
      this.#store.timeline(fingerprint, Number.MAX_SAFE_INTEGER, timelineLimit),
    );
  }

  /** Alerts that a filter lets through, in the order of their fingerprints. */
  list(filter: AlertFilter, from: string, limit: number): AlertsPage {
    const now = Date.now();
    const { items, after } = listAlertRows(this.#store, filter, from, limit, now);
    return { items: items.map((row) => alertViewOf(row, now, [])), after };
  }

  /** What happened to alerts after a change, in order; waits for the first when there is none. */
  async changes(after: number | null, waitMs: number): Promise<AlertChanges> {
    if (after === null) return { items: [], after: this.#store.readHead().timelineSeq };
    const page = this.#changesAfter(after);
    if (page.items.length > 0 || waitMs <= 0) return page;
    await this.#waiting.next(waitMs);
    return this.#changesAfter(after);
  }

  #changesAfter(after: number): AlertChanges {
    const now = Date.now();
    const rows = this.#store.timelineAfter(after, changesPerPage);
    const items = rows.map((change) => {
      const row = this.#store.findAlert(change.fingerprint);
      if (row === undefined) return { ...change, alert: null };
      const { timeline: _, ...alert } = alertViewOf(row, now, []);
      return { ...change, alert };
    });
    return { items, after: rows.at(-1)?.seq ?? after };
  }

  /** Silences that have not expired, each with how many alerts it mutes now. */
  silences(): SilenceView[] {
    const now = Date.now();
    const counts = silenceCounts(this.#store, now);
    return this.#store.liveSilences().map(({ due: _, ...silence }) => ({
      ...silence,
      state: silenceState(silence, now),
      suppressing: counts.get(silence.id) ?? 0,
    }));
  }

  routing(): RoutingConfig {
    return this.#store.readConfig();
  }

  /** What is written down of a kind about whom to wake. */
  entries(kind: EntryKind): Entry[] {
    return this.#store.entries(kind);
  }

  entry(kind: EntryKind, id: string): Entry | null {
    return this.#store.findEntry(kind, id) ?? null;
  }

  /** Why an alert was told or not told at an instant. */
  explain(fingerprint: string, at: number): NotificationExplanation | null {
    const found = explainNotification(this.#store, fingerprint, at);
    const known = found.status !== undefined || this.#store.findAlert(fingerprint) !== undefined;
    return known ? found : null;
  }

  /** A notification that is to be delivered. */
  notification(id: string): NotifyEffect["notification"] | null {
    return this.#store.findNotification(id)?.notification ?? null;
  }

  /** Sets the alarm to what is stored, in case it was lost. */
  async rearm(): Promise<number | null> {
    await this.alarms.arm();
    return this.ctx.storage.getAlarm();
  }

  protected override async wake(reason: string, now: number): Promise<number | undefined> {
    if (reason === "send") {
      await this.#send();
      return undefined;
    }
    await this.execute({ type: "tick" });
    return this.alarms.all().find((due) => due.reason === "tick" && due.at > now)?.at;
  }

  /** Sends notifications to the queue and events to the ledger; either may go twice, and is taken once. */
  async #send(): Promise<void> {
    while ((await this.#handOut()) === rowsPerSend || (await this.#recordEvents()) === rowsPerSend) {}
    this.alarms.clear("send");
    await this.alarms.arm();
  }

  async #handOut(): Promise<number> {
    const { sql } = this.ctx.storage;
    const rows = sql
      .exec<{ id: string; channelId: string }>(
        "select id, channel_id as channelId from handed_out limit ?",
        rowsPerSend,
      )
      .toArray();
    if (rows.length === 0) return 0;
    const { tenantId } = this;
    await this.env.DELIVER.sendBatch(
      rows.map(({ id, channelId }) => ({ body: { tenantId, notificationId: id, channelId } })),
    );
    for (const { id } of rows) sql.exec("delete from handed_out where id = ?", id);
    return rows.length;
  }

  async #recordEvents(): Promise<number> {
    const { sql } = this.ctx.storage;
    const rows = sql
      .exec<{ id: string; body: string }>("select id, body from events_out order by id limit ?", rowsPerSend)
      .toArray();
    if (rows.length === 0) return 0;
    const session = openSession(this.env, new Date(), (work) => this.ctx.waitUntil(work));
    try {
      const events = rows.map(({ body }) => JSON.parse(body) as AlertEvent);
      await recordEvents(
        session.db,
        events.map(({ at, ...event }) => ({ ...event, tenantId: this.tenantId, now: new Date(at) })),
      );
    } finally {
      await session.db.close();
    }
    for (const { id } of rows) sql.exec("delete from events_out where id = ?", id);
    await pokeLedger(this.env, this.tenantId);
    return rows.length;
  }
}

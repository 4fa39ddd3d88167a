import { and, asc, count, desc, eq, gt, gte, inArray, isNull, lt, lte, or, type SQL, sql } from "drizzle-orm";
import type { Db, ReadDb } from "../../db/db.ts";
import { ledgerTables } from "../../db/ledger-tables.ts";
import { olderThan } from "../../db/older-than.ts";
import type { Place } from "../../kernel/page.ts";
import type { ChainPlace } from "./chain.rules.ts";

export type EventRow = typeof ledgerTables.sqlite.events.$inferSelect;
export type MessageRow = typeof ledgerTables.sqlite.outbox.$inferSelect;

/** What events are looked for; every part narrows. */
export interface EventFilter {
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
  /** `user:usr_1`, or the id alone. */
  readonly actor?: string;
  /** An action, or the beginning of one up to a dot. */
  readonly action?: string;
  /** `dataset:ds_1`, or a type alone. */
  readonly resource?: string;
  /** Only events of these projects, at most 90. */
  readonly projectIds?: readonly string[];
}

function matches(db: ReadDb, tenantId: string, filter: EventFilter): SQL | undefined {
  const { events } = ledgerTables.of(db);
  const { from, to, actor, action, resource, projectIds } = filter;
  const startsWith = (column: SQL | typeof events.action, text: string) =>
    sql`substr(${column}, 1, ${text.length}) = ${text}`;
  const [kind, id] = actor?.includes(":") ? actor.split(":", 2) : [undefined, actor];
  return and(
    eq(events.tenantId, tenantId),
    from && gte(events.at, from),
    to && lt(events.at, to),
    kind === undefined ? undefined : eq(events.actorKind, kind as EventRow["actorKind"]),
    id === undefined ? undefined : eq(events.actorId, id),
    action === undefined ? undefined : or(eq(events.action, action), startsWith(events.action, `${action}.`)),
    resource === undefined
      ? undefined
      : resource.includes(":")
        ? eq(events.resource, resource)
        : or(eq(events.resource, resource), startsWith(sql`${events.resource}`, `${resource}:`)),
    projectIds && inArray(events.projectId, [...projectIds]),
  );
}

/** Events, the newest first, after a place of the list. */
export function listEvents(
  db: ReadDb,
  tenantId: string,
  filter: EventFilter,
  after: Place | undefined,
  limit: number,
): Promise<EventRow[]> {
  const { events } = ledgerTables.of(db);
  return db
    .select()
    .from(events)
    .where(and(matches(db, tenantId, filter), olderThan(events.at, events.id, after)))
    .orderBy(desc(events.at), desc(events.id))
    .limit(limit);
}

/** Events, the oldest first, after a place: the order of an export. */
export function listEventsForward(
  db: ReadDb,
  tenantId: string,
  filter: EventFilter,
  after: Place | undefined,
  limit: number,
): Promise<EventRow[]> {
  const { events } = ledgerTables.of(db);
  const beyond = after && or(gt(events.at, after.at), and(eq(events.at, after.at), gt(events.id, after.id)));
  return db
    .select()
    .from(events)
    .where(and(matches(db, tenantId, filter), beyond))
    .orderBy(asc(events.at), asc(events.id))
    .limit(limit);
}

export async function findEvent(db: ReadDb, tenantId: string, id: string): Promise<EventRow | undefined> {
  const { events } = ledgerTables.of(db);
  const [row] = await db
    .select()
    .from(events)
    .where(and(eq(events.tenantId, tenantId), eq(events.id, id)));
  return row;
}

/** Events that have no place in the chain yet, in the order they will get one. */
export function listUnsealed(db: ReadDb, tenantId: string, limit: number): Promise<EventRow[]> {
  const { events } = ledgerTables.of(db);
  return db
    .select()
    .from(events)
    .where(and(eq(events.tenantId, tenantId), isNull(events.seq)))
    .orderBy(asc(events.at), asc(events.id))
    .limit(limit);
}

export function countUnsealed(db: ReadDb, tenantId: string): Promise<number> {
  const { events } = ledgerTables.of(db);
  return db.$count(events, and(eq(events.tenantId, tenantId), isNull(events.seq)));
}

/** Chained events with places in (after, upTo], in the order of their places. */
export function listSealed(
  db: ReadDb,
  tenantId: string,
  after: number,
  upTo: number,
  limit: number,
): Promise<EventRow[]> {
  const { events } = ledgerTables.of(db);
  return db
    .select()
    .from(events)
    .where(and(eq(events.tenantId, tenantId), gt(events.seq, after), lte(events.seq, upTo)))
    .orderBy(asc(events.seq))
    .limit(limit);
}

/** The first event beyond a place. */
export async function findBeyond(db: ReadDb, tenantId: string, seq: number): Promise<EventRow | undefined> {
  const [row] = await listSealed(db, tenantId, seq, Number.MAX_SAFE_INTEGER, 1);
  return row;
}

/** Writes places into the chain; an event that has one keeps it, so repeating changes nothing. */
export async function placeEvents(db: Db, tenantId: string, places: readonly ChainPlace[]): Promise<void> {
  const { events } = ledgerTables.of(db);
  await db.atomic((q) =>
    places.map(({ eventId, seq, hash }) =>
      q
        .update(events)
        .set({ seq, chainHash: hash })
        .where(and(eq(events.tenantId, tenantId), eq(events.id, eventId), isNull(events.seq))),
    ),
  );
}

/** Outbox messages that are due, the longest waiting first. */
export function listDueMessages(
  db: ReadDb,
  tenantId: string,
  now: Date,
  limit: number,
): Promise<MessageRow[]> {
  const { outbox } = ledgerTables.of(db);
  return db
    .select()
    .from(outbox)
    .where(and(eq(outbox.tenantId, tenantId), lte(outbox.availableAt, now)))
    .orderBy(asc(outbox.availableAt), asc(outbox.id))
    .limit(limit);
}

/** What became of a message that was handed on: sent, or to be tried again. */
export interface Settlement {
  readonly id: string;
  readonly retry?: { readonly attempts: number; readonly lastError: string; readonly availableAt: Date };
}

/** Deletes what was sent and puts off what failed. At most 90 at a time. */
export async function settleMessages(
  db: Db,
  tenantId: string,
  settled: readonly Settlement[],
): Promise<void> {
  const { outbox } = ledgerTables.of(db);
  const sent = settled.filter(({ retry }) => retry === undefined).map(({ id }) => id);
  await db.atomic((q) => [
    ...(sent.length > 0
      ? [q.delete(outbox).where(and(eq(outbox.tenantId, tenantId), inArray(outbox.id, sent)))]
      : []),
    ...settled.flatMap(({ id, retry }) =>
      retry
        ? [
            q
              .update(outbox)
              .set(retry)
              .where(and(eq(outbox.tenantId, tenantId), eq(outbox.id, id))),
          ]
        : [],
    ),
  ]);
}

/** When the tenant's next message is due. */
export async function nextMessageAt(db: ReadDb, tenantId: string): Promise<Date | undefined> {
  const { outbox } = ledgerTables.of(db);
  const [row] = await db
    .select({ at: outbox.availableAt })
    .from(outbox)
    .where(eq(outbox.tenantId, tenantId))
    .orderBy(asc(outbox.availableAt))
    .limit(1);
  return row?.at;
}

/** Tenants with a message or an unchained event that has waited since before this instant: their ledger wasn't told. */
export async function listTenantsWaiting(db: ReadDb, before: Date, limit: number): Promise<string[]> {
  const { events, outbox } = ledgerTables.of(db);
  const [sending, chaining] = await Promise.all([
    db
      .selectDistinct({ tenantId: outbox.tenantId })
      .from(outbox)
      .where(lt(outbox.availableAt, before))
      .limit(limit),
    db
      .selectDistinct({ tenantId: events.tenantId })
      .from(events)
      .where(and(isNull(events.seq), lt(events.at, before)))
      .limit(limit),
  ]);
  return [...new Set([...sending, ...chaining].map(({ tenantId }) => tenantId))];
}

/** How much waits on the whole platform, for the gauges. */
export async function measureBacklog(db: ReadDb) {
  const { events, outbox } = ledgerTables.of(db);
  const [[messages], [unsealed]] = await Promise.all([
    db
      .select({ depth: count(), oldest: sql`min(${outbox.availableAt})`.mapWith(outbox.availableAt) })
      .from(outbox),
    db.select({ depth: count() }).from(events).where(isNull(events.seq)),
  ]);
  return {
    outboxDepth: messages?.depth ?? 0,
    outboxOldestAt: (messages?.oldest ?? null) as Date | null,
    unsealedEvents: unsealed?.depth ?? 0,
  };
}

import { and, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { DeliveryState } from "../../../contracts/channels.ts";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
import { olderThan } from "../../db/older-than.ts";
import { removeRow, replaceRow } from "../../db/races.ts";
import type { Place } from "../../kernel/page.ts";
import { type AttemptRow, type ChannelRow, channelTables, type DeliveryRow } from "./tables.ts";

export async function findChannel(db: ReadDb, tenantId: string, id: string): Promise<ChannelRow | undefined> {
  const { channels } = channelTables.of(db);
  const [row] = await db
    .select()
    .from(channels)
    .where(and(eq(channels.tenantId, tenantId), eq(channels.id, id)));
  return row;
}

/** Which of these ids (each 90 in one query) are channels of the tenant. */
export async function findChannelIds(
  db: ReadDb,
  tenantId: string,
  ids: readonly string[],
): Promise<string[]> {
  const { channels } = channelTables.of(db);
  const found: string[] = [];
  for (let from = 0; from < ids.length; from += 90) {
    const rows = await db
      .select({ id: channels.id })
      .from(channels)
      .where(and(eq(channels.tenantId, tenantId), inArray(channels.id, ids.slice(from, from + 90))));
    found.push(...rows.map(({ id }) => id));
  }
  return found;
}

export function listChannelRows(
  db: ReadDb,
  tenantId: string,
  limit: number,
  after?: Place,
): Promise<ChannelRow[]> {
  const { channels: t } = channelTables.of(db);
  return db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), olderThan(t.createdAt, t.id, after)))
    .orderBy(desc(t.createdAt), desc(t.id))
    .limit(limit);
}

/** Tenants that have a channel, at most `limit` of them. */
export async function listTenantsWithChannels(db: ReadDb, limit: number): Promise<string[]> {
  const { channels: t } = channelTables.of(db);
  const rows = await db.selectDistinct({ tenantId: t.tenantId }).from(t).limit(limit);
  return rows.map(({ tenantId }) => tenantId);
}

export function insertChannel(q: WriteDb, row: ChannelRow): Statement {
  return q.insert(channelTables.of(q).channels).values(row);
}

/** Replaces a channel whose row is still at `expected`; the whole unit fails as a lost race when it isn't. */
export function replaceChannel(q: WriteDb, row: ChannelRow, expected: number): readonly Statement[] {
  const { channels: t } = channelTables.of(q);
  const { tenantId, id, ...rest } = row;
  return replaceRow(q, t, and(eq(t.tenantId, tenantId), eq(t.id, id)), expected, rest);
}

/** Deletes a channel that is still the one that was read; its deliveries stay as history. */
export function deleteChannelRow(q: WriteDb, row: ChannelRow): readonly Statement[] {
  const { channels: t } = channelTables.of(q);
  return removeRow(q, t, and(eq(t.tenantId, row.tenantId), eq(t.id, row.id)), row.writeId);
}

/** Switches a channel off that is on, whatever its version. */
export function disableChannel(
  q: WriteDb,
  row: Pick<ChannelRow, "tenantId" | "id">,
  reason: string,
  now: Date,
  writeId: string,
): Statement {
  const { channels: t } = channelTables.of(q);
  return q
    .update(t)
    .set({
      disabledAt: now,
      disabledReason: reason,
      updatedAt: now,
      writeId,
      version: sql`${t.version} + 1`,
    })
    .where(and(eq(t.tenantId, row.tenantId), eq(t.id, row.id), isNull(t.disabledAt)));
}

/** Writes down how a delivery stands. */
export function putDelivery(q: WriteDb, row: DeliveryRow): Statement {
  const { deliveries: t } = channelTables.of(q);
  const { tenantId: _, id: __, createdAt: ___, notification: ____, ...changes } = row;
  return q
    .insert(t)
    .values(row)
    .onConflictDoUpdate({ target: [t.tenantId, t.id], set: changes });
}

/** Writes down how one attempt went. */
export function insertAttempt(q: WriteDb, row: AttemptRow): Statement {
  return q.insert(channelTables.of(q).attempts).values(row).onConflictDoNothing();
}

/** The attempts at a delivery, the latest first. */
export function listAttempts(db: ReadDb, tenantId: string, deliveryId: string): Promise<AttemptRow[]> {
  const { attempts: t } = channelTables.of(db);
  return db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), eq(t.deliveryId, deliveryId)))
    .orderBy(desc(t.attempt))
    .limit(100);
}

export async function findDelivery(
  db: ReadDb,
  tenantId: string,
  id: string,
): Promise<DeliveryRow | undefined> {
  const { deliveries: t } = channelTables.of(db);
  const [row] = await db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), eq(t.id, id)));
  return row;
}

export function listDeliveryRows(
  db: ReadDb,
  tenantId: string,
  page: {
    limit: number;
    after?: Place | undefined;
    channelId?: string | undefined;
    state?: DeliveryState | undefined;
  },
): Promise<DeliveryRow[]> {
  const { deliveries: t } = channelTables.of(db);
  const { after, channelId, state } = page;
  return db
    .select()
    .from(t)
    .where(
      and(
        eq(t.tenantId, tenantId),
        channelId ? eq(t.channelId, channelId) : undefined,
        state && eq(t.state, state),
        olderThan(t.createdAt, t.id, after),
      ),
    )
    .orderBy(desc(t.createdAt), desc(t.id))
    .limit(page.limit);
}

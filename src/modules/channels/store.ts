import { and, desc, eq, isNull, lt, or, sql } from "drizzle-orm";
import type { DeliveryState } from "../../../contracts/channels.ts";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
import type { Place } from "../../kernel/page.ts";
import { type ChannelRow, channelTables, type DeliveryRow } from "./tables.ts";

export async function findChannel(db: ReadDb, tenantId: string, id: string): Promise<ChannelRow | undefined> {
  const { channels } = channelTables.of(db);
  const [row] = await db
    .select()
    .from(channels)
    .where(and(eq(channels.tenantId, tenantId), eq(channels.id, id)));
  return row;
}

export function listChannelRows(
  db: ReadDb,
  tenantId: string,
  limit: number,
  after?: Place,
): Promise<ChannelRow[]> {
  const { channels: t } = channelTables.of(db);
  const beyond = after && or(lt(t.createdAt, after.at), and(eq(t.createdAt, after.at), lt(t.id, after.id)));
  return db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), beyond))
    .orderBy(desc(t.createdAt), desc(t.id))
    .limit(limit);
}

export function insertChannel(q: WriteDb, row: ChannelRow): Statement {
  return q.insert(channelTables.of(q).channels).values(row);
}

/** Replaces a channel whose row is still at `expected`; the whole unit fails as a lost race when it isn't. */
export function replaceChannel(q: WriteDb, row: ChannelRow, expected: number): readonly Statement[] {
  const { channels: t } = channelTables.of(q);
  const { tenantId, id, ...rest } = row;
  return [
    q
      .update(t)
      .set(rest)
      .where(and(eq(t.tenantId, tenantId), eq(t.id, id), eq(t.version, expected))),
    q.mustHold(
      sql`exists (select 1 from ${t} where ${t.tenantId} = ${tenantId} and ${t.id} = ${id} and ${t.writeId} = ${row.writeId})`,
    ),
  ];
}

/** Deletes a channel that is still the one that was read; its deliveries stay as history. */
export function deleteChannelRow(q: WriteDb, row: ChannelRow): readonly Statement[] {
  const { channels: t } = channelTables.of(q);
  return [
    q.mustHold(
      sql`exists (select 1 from ${t} where ${t.tenantId} = ${row.tenantId} and ${t.id} = ${row.id} and ${t.version} = ${row.version})`,
    ),
    q.delete(t).where(and(eq(t.tenantId, row.tenantId), eq(t.id, row.id))),
  ];
}

/** Switches a channel off that is on, whatever its version. */
export function disableChannel(
  q: WriteDb,
  row: ChannelRow,
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
        after && or(lt(t.createdAt, after.at), and(eq(t.createdAt, after.at), lt(t.id, after.id))),
      ),
    )
    .orderBy(desc(t.createdAt), desc(t.id))
    .limit(page.limit);
}

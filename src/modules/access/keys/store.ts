import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../../db/db.ts";
import { olderThan } from "../../../db/older-than.ts";
import { replaceRow } from "../../../db/races.ts";
import type { Place } from "../../../kernel/page.ts";
import { accessTables } from "../tables.ts";

export type KeyRow = typeof accessTables.sqlite.apiKeys.$inferSelect;

export async function findKey(db: ReadDb, tenantId: string, id: string): Promise<KeyRow | undefined> {
  const { apiKeys } = accessTables.of(db);
  const [row] = await db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.tenantId, tenantId), eq(apiKeys.id, id)));
  return row;
}

/** For authentication alone: the key tells the tenant, not the other way round. */
export async function findKeyOfAnyTenant(db: ReadDb, id: string): Promise<KeyRow | undefined> {
  const { apiKeys } = accessTables.of(db);
  const [row] = await db.select().from(apiKeys).where(eq(apiKeys.id, id));
  return row;
}

/** Newest first. */
export async function listKeys(
  db: ReadDb,
  tenantId: string,
  page: { limit: number; after?: Place | undefined; createdBy?: string | undefined },
): Promise<KeyRow[]> {
  const { apiKeys } = accessTables.of(db);
  const { after, createdBy } = page;
  return db
    .select()
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.tenantId, tenantId),
        createdBy === undefined ? undefined : eq(apiKeys.createdBy, createdBy),
        olderThan(apiKeys.createdAt, apiKeys.id, after),
      ),
    )
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    .limit(page.limit);
}

export function insertKey(q: WriteDb, row: KeyRow): Statement {
  return q.insert(accessTables.of(q).apiKeys).values(row);
}

/** Replaces the version before this one, or loses the race; the stamp of its last use is left alone. */
export function replaceKey(
  q: WriteDb,
  { id, tenantId, lastUsedAt: _, ...row }: KeyRow,
): readonly Statement[] {
  const { apiKeys } = accessTables.of(q);
  const is = and(eq(apiKeys.tenantId, tenantId), eq(apiKeys.id, id));
  return replaceRow(q, apiKeys, is, row.version - 1, row);
}

/** Revokes whatever a user has made. */
export function revokeKeysOf(
  q: WriteDb,
  user: { readonly tenantId: string; readonly id: string },
  now: Date,
  writeId: string,
): Statement {
  const { apiKeys } = accessTables.of(q);
  return q
    .update(apiKeys)
    .set({ revokedAt: now, updatedAt: now, writeId, version: sql`${apiKeys.version} + 1` })
    .where(
      and(eq(apiKeys.tenantId, user.tenantId), eq(apiKeys.createdBy, user.id), isNull(apiKeys.revokedAt)),
    );
}

export function stampKey(q: WriteDb, tenantId: string, id: string, now: Date): Statement {
  const { apiKeys } = accessTables.of(q);
  return q
    .update(apiKeys)
    .set({ lastUsedAt: now })
    .where(and(eq(apiKeys.tenantId, tenantId), eq(apiKeys.id, id)));
}

import { and, desc, eq } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
import { olderThan } from "../../db/older-than.ts";
import { removeRow, replaceRow } from "../../db/races.ts";
import type { Place } from "../../kernel/page.ts";
import { type ProfileRow, profileTables } from "./tables.ts";

export async function findProfileRow(db: ReadDb, tenantId: string, name: string) {
  const { modelProfiles: t } = profileTables.of(db);
  const [row] = await db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), eq(t.name, name)));
  return row;
}

export function listProfileRows(db: ReadDb, tenantId: string, after: Place | undefined, limit: number) {
  const { modelProfiles: t } = profileTables.of(db);
  return db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), olderThan(t.createdAt, t.name, after)))
    .orderBy(desc(t.createdAt), desc(t.name))
    .limit(limit);
}

export function insertProfile(q: WriteDb, row: ProfileRow): Statement {
  return q.insert(profileTables.of(q).modelProfiles).values(row);
}

/** Replaces a profile whose row is still at `expected`; the whole unit fails as a lost race when it isn't. */
export function replaceProfile(q: WriteDb, row: ProfileRow, expected: number): readonly Statement[] {
  const { modelProfiles: t } = profileTables.of(q);
  const { tenantId, name, ...rest } = row;
  return replaceRow(q, t, and(eq(t.tenantId, tenantId), eq(t.name, name)), expected, rest);
}

/** Deletes a profile; the whole unit fails as a lost race when its row is no longer the one that was read. */
export function deleteProfileRow(q: WriteDb, row: ProfileRow): readonly Statement[] {
  const { modelProfiles: t } = profileTables.of(q);
  return removeRow(q, t, and(eq(t.tenantId, row.tenantId), eq(t.name, row.name)), row.writeId);
}

import { and, desc, eq } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
import { olderThan } from "../../db/older-than.ts";
import { removeRow, replaceRow } from "../../db/races.ts";
import type { Place } from "../../kernel/page.ts";
import { secretTables } from "./tables.ts";

export type SecretRow = typeof secretTables.sqlite.secrets.$inferSelect;

export async function findSecret(db: ReadDb, tenantId: string, name: string): Promise<SecretRow | undefined> {
  const { secrets } = secretTables.of(db);
  const [row] = await db
    .select()
    .from(secrets)
    .where(and(eq(secrets.tenantId, tenantId), eq(secrets.name, name)));
  return row;
}

/** Newest first; the name breaks ties. */
export async function listSecrets(
  db: ReadDb,
  tenantId: string,
  page: { limit: number; after?: Place | undefined },
): Promise<SecretRow[]> {
  const { secrets } = secretTables.of(db);
  return db
    .select()
    .from(secrets)
    .where(and(eq(secrets.tenantId, tenantId), olderThan(secrets.createdAt, secrets.name, page.after)))
    .orderBy(desc(secrets.createdAt), desc(secrets.name))
    .limit(page.limit);
}

export function insertSecret(q: WriteDb, row: SecretRow): Statement {
  return q.insert(secretTables.of(q).secrets).values(row);
}

function isRow(q: WriteDb, { tenantId, name }: SecretRow) {
  const { secrets } = secretTables.of(q);
  return and(eq(secrets.tenantId, tenantId), eq(secrets.name, name));
}

/** Replaces the version before this one, or loses the race. */
export function replaceSecret(q: WriteDb, row: SecretRow): readonly Statement[] {
  const { secrets } = secretTables.of(q);
  const { tenantId: _, name: __, lastReadAt: ___, ...changes } = row;
  return replaceRow(q, secrets, isRow(q, row), row.version - 1, changes);
}

/** Removes exactly this version, or loses the race. */
export function removeSecret(q: WriteDb, row: SecretRow): readonly Statement[] {
  return removeRow(q, secretTables.of(q).secrets, isRow(q, row), row.writeId);
}

export function stampRead(q: WriteDb, row: SecretRow, now: Date): Statement {
  return q.update(secretTables.of(q).secrets).set({ lastReadAt: now }).where(isRow(q, row));
}

import { and, desc, eq, lt, or, sql } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
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
  const { after } = page;
  return db
    .select()
    .from(secrets)
    .where(
      and(
        eq(secrets.tenantId, tenantId),
        after
          ? or(
              lt(secrets.createdAt, after.at),
              and(eq(secrets.createdAt, after.at), lt(secrets.name, after.id)),
            )
          : undefined,
      ),
    )
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

function mustBe(q: WriteDb, row: SecretRow, writeId: string): Statement {
  const { secrets } = secretTables.of(q);
  return q.mustHold(
    sql`exists (select 1 from ${secrets} where ${isRow(q, row)} and ${secrets.writeId} = ${writeId})`,
  );
}

/** Replaces the version before this one, or loses the race. */
export function replaceSecret(q: WriteDb, row: SecretRow): readonly Statement[] {
  const { secrets } = secretTables.of(q);
  const { tenantId: _, name: __, lastReadAt: ___, ...changes } = row;
  return [
    q
      .update(secrets)
      .set(changes)
      .where(and(isRow(q, row), eq(secrets.version, row.version - 1))),
    mustBe(q, row, row.writeId),
  ];
}

/** Removes exactly this version, or loses the race. */
export function removeSecret(q: WriteDb, row: SecretRow): readonly Statement[] {
  return [mustBe(q, row, row.writeId), q.delete(secretTables.of(q).secrets).where(isRow(q, row))];
}

export function stampRead(q: WriteDb, row: SecretRow, now: Date): Statement {
  return q.update(secretTables.of(q).secrets).set({ lastReadAt: now }).where(isRow(q, row));
}

import { and, desc, eq, lt, or, sql } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
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
  const beyond =
    after === undefined
      ? undefined
      : or(lt(t.createdAt, after.at), and(eq(t.createdAt, after.at), lt(t.name, after.id)));
  return db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), beyond))
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
  return [
    q
      .update(t)
      .set(rest)
      .where(and(eq(t.tenantId, tenantId), eq(t.name, name), eq(t.version, expected))),
    q.mustHold(
      sql`exists (select 1 from ${t} where ${t.tenantId} = ${tenantId} and ${t.name} = ${name} and ${t.writeId} = ${row.writeId})`,
    ),
  ];
}

/** Deletes a profile; the whole unit fails as a lost race when its row is no longer the one that was read. */
export function deleteProfileRow(q: WriteDb, row: ProfileRow): readonly Statement[] {
  const { modelProfiles: t } = profileTables.of(q);
  return [
    q.mustHold(
      sql`exists (select 1 from ${t} where ${t.tenantId} = ${row.tenantId} and ${t.name} = ${row.name} and ${t.version} = ${row.version} and ${t.writeId} = ${row.writeId})`,
    ),
    q.delete(t).where(and(eq(t.tenantId, row.tenantId), eq(t.name, row.name), eq(t.version, row.version))),
  ];
}

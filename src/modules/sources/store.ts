import { and, desc, eq, gte, inArray, isNull, lt, sql } from "drizzle-orm";
import type { SetAsideReason } from "../../../contracts/sources.ts";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
import { olderThan } from "../../db/older-than.ts";
import { mustExist, removeRow, replaceRow } from "../../db/races.ts";
import type { Place } from "../../kernel/page.ts";
import { type MinuteRow, type SetAsideRow, type SourceRow, sourceTables } from "./tables.ts";

/** The source of an ingest address; its id alone says whose it is. */
export async function findSourceByAddress(db: ReadDb, id: string): Promise<SourceRow | undefined> {
  const { sources } = sourceTables.of(db);
  const [row] = await db.select().from(sources).where(eq(sources.id, id));
  return row;
}

export async function findSource(db: ReadDb, tenantId: string, id: string): Promise<SourceRow | undefined> {
  const { sources } = sourceTables.of(db);
  const [row] = await db
    .select()
    .from(sources)
    .where(and(eq(sources.tenantId, tenantId), eq(sources.id, id)));
  return row;
}

export function listSourceRows(
  db: ReadDb,
  tenantId: string,
  limit: number,
  after?: Place,
): Promise<SourceRow[]> {
  const { sources: t } = sourceTables.of(db);
  return db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), olderThan(t.createdAt, t.id, after)))
    .orderBy(desc(t.createdAt), desc(t.id))
    .limit(limit);
}

export function insertSource(q: WriteDb, row: SourceRow): Statement {
  return q.insert(sourceTables.of(q).sources).values(row);
}

/** Replaces a source whose row is still at `expected`; the whole unit fails as a lost race when it isn't. */
export function replaceSource(q: WriteDb, row: SourceRow, expected: number): readonly Statement[] {
  const { sources: t } = sourceTables.of(q);
  const { tenantId, id, ...rest } = row;
  return replaceRow(q, t, and(eq(t.tenantId, tenantId), eq(t.id, id)), expected, rest);
}

/** Deletes a source that is still the one that was read, with what was counted and set aside for it. */
export function deleteSourceRows(q: WriteDb, row: SourceRow): readonly Statement[] {
  const { sources: t, setAside, minutes } = sourceTables.of(q);
  const { tenantId, id, writeId } = row;
  return [
    ...removeRow(q, t, and(eq(t.tenantId, tenantId), eq(t.id, id)), writeId),
    q.delete(setAside).where(and(eq(setAside.tenantId, tenantId), eq(setAside.sourceId, id))),
    q.delete(minutes).where(and(eq(minutes.tenantId, tenantId), eq(minutes.sourceId, id))),
  ];
}

/** Writes down what was set aside; a row that is there already stays as it is. */
export function insertSetAside(q: WriteDb, rows: readonly SetAsideRow[]): readonly Statement[] {
  const { setAside } = sourceTables.of(q);
  return rows.map((row) => q.insert(setAside).values(row).onConflictDoNothing());
}

export async function findSetAside(
  db: ReadDb,
  tenantId: string,
  sourceId: string,
  id: string,
): Promise<SetAsideRow | undefined> {
  const { setAside: t } = sourceTables.of(db);
  const [row] = await db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), eq(t.sourceId, sourceId), eq(t.id, id)));
  return row;
}

export function listSetAsideRows(
  db: ReadDb,
  tenantId: string,
  sourceId: string,
  page: { limit: number; after?: Place | undefined; reason?: SetAsideReason | undefined },
): Promise<SetAsideRow[]> {
  const { setAside: t } = sourceTables.of(db);
  const { after, reason } = page;
  return db
    .select()
    .from(t)
    .where(
      and(
        eq(t.tenantId, tenantId),
        eq(t.sourceId, sourceId),
        reason && eq(t.reason, reason),
        olderThan(t.at, t.id, after),
      ),
    )
    .orderBy(desc(t.at), desc(t.id))
    .limit(page.limit);
}

/** Marks a row as replayed; loses the race when another replay came first. */
export function stampReplay(q: WriteDb, row: SetAsideRow, now: Date): readonly Statement[] {
  const { setAside: t } = sourceTables.of(q);
  const mine = and(eq(t.tenantId, row.tenantId), eq(t.id, row.id));
  return [mustExist(q, t, and(mine, isNull(t.replayedAt))), q.update(t).set({ replayedAt: now }).where(mine)];
}

/** Adds to the counts of minutes. */
export function addCounts(q: WriteDb, rows: readonly MinuteRow[]): readonly Statement[] {
  const { minutes: t } = sourceTables.of(q);
  return rows.map((row) =>
    q
      .insert(t)
      .values(row)
      .onConflictDoUpdate({
        target: [t.tenantId, t.sourceId, t.minute, t.outcome],
        set: { count: sql`${t.count} + ${row.count}` },
      }),
  );
}

/** The counts of a source since an instant, by minute. */
export function listCounts(
  db: ReadDb,
  tenantId: string,
  sourceId: string,
  since: Date,
  limit: number,
): Promise<MinuteRow[]> {
  const { minutes: t } = sourceTables.of(db);
  return db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), eq(t.sourceId, sourceId), gte(t.minute, since)))
    .orderBy(desc(t.minute), t.outcome)
    .limit(limit);
}

/** Forgets rows and counts that are older than they are kept. */
export function forgetOld(q: WriteDb, before: Date): readonly Statement[] {
  const { setAside, minutes } = sourceTables.of(q);
  return [
    q.delete(setAside).where(lt(setAside.at, before)),
    q.delete(minutes).where(lt(minutes.minute, before)),
  ];
}

/** The schemas of sources by type of event; a source that isn't there is left out. */
export async function listSourceTypes(
  db: ReadDb,
  tenantId: string,
  ids: readonly string[],
): Promise<SourceRow["types"][]> {
  const { sources: t } = sourceTables.of(db);
  const found: SourceRow["types"][] = [];
  for (let i = 0; i < ids.length; i += 90) {
    const some = ids.slice(i, i + 90);
    const rows = await db
      .select({ types: t.types })
      .from(t)
      .where(and(eq(t.tenantId, tenantId), inArray(t.id, some)));
    found.push(...rows.map(({ types }) => types));
  }
  return found;
}

/** Every source with its limits, of all tenants: for the sweep. */
export function listSourceLimits(db: ReadDb): Promise<Pick<SourceRow, "tenantId" | "id" | "limits">[]> {
  const { sources: t } = sourceTables.of(db);
  return db.select({ tenantId: t.tenantId, id: t.id, limits: t.limits }).from(t).orderBy(t.id).limit(10_000);
}

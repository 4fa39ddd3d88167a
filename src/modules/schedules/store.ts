import { and, desc, eq, lt, or, sql } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
import type { Place } from "../../kernel/page.ts";
import { type ScheduleRow, scheduleTables } from "./tables.ts";

export async function findSchedule(
  db: ReadDb,
  tenantId: string,
  id: string,
): Promise<ScheduleRow | undefined> {
  const { schedules: t } = scheduleTables.of(db);
  const [row] = await db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), eq(t.id, id)));
  return row;
}

export function listScheduleRows(
  db: ReadDb,
  tenantId: string,
  limit: number,
  after?: Place,
): Promise<ScheduleRow[]> {
  const { schedules: t } = scheduleTables.of(db);
  const beyond = after && or(lt(t.createdAt, after.at), and(eq(t.createdAt, after.at), lt(t.id, after.id)));
  return db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), beyond))
    .orderBy(desc(t.createdAt), desc(t.id))
    .limit(limit);
}

/** Tenants that have a schedule that is on: whose schedulers the watchdog looks after. */
export async function listTenantsWithSchedules(db: ReadDb, limit: number): Promise<string[]> {
  const { schedules: t } = scheduleTables.of(db);
  const rows = await db
    .selectDistinct({ tenantId: t.tenantId })
    .from(t)
    .where(eq(t.enabled, true))
    .limit(limit);
  return rows.map(({ tenantId }) => tenantId);
}

export function insertSchedule(q: WriteDb, row: ScheduleRow): Statement {
  return q.insert(scheduleTables.of(q).schedules).values(row);
}

/** Replaces a schedule whose row is still at `expected`; the whole unit fails as a lost race when it isn't. */
export function replaceSchedule(q: WriteDb, row: ScheduleRow, expected: number): readonly Statement[] {
  const { schedules: t } = scheduleTables.of(q);
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

/** Deletes a schedule that is still the one that was read. */
export function deleteScheduleRow(q: WriteDb, row: ScheduleRow): readonly Statement[] {
  const { schedules: t } = scheduleTables.of(q);
  const mine = and(eq(t.tenantId, row.tenantId), eq(t.id, row.id), eq(t.version, row.version));
  return [
    q.mustHold(
      sql`exists (select 1 from ${t} where ${t.tenantId} = ${row.tenantId} and ${t.id} = ${row.id} and ${t.version} = ${row.version})`,
    ),
    q.delete(t).where(mine),
  ];
}

import { and, desc, eq } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
import { olderThan } from "../../db/older-than.ts";
import { removeRow, replaceRow } from "../../db/races.ts";
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
  return db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), olderThan(t.createdAt, t.id, after)))
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
  return replaceRow(q, t, and(eq(t.tenantId, tenantId), eq(t.id, id)), expected, rest);
}

/** Deletes a schedule that is still the one that was read. */
export function deleteScheduleRow(q: WriteDb, row: ScheduleRow): readonly Statement[] {
  const { schedules: t } = scheduleTables.of(q);
  return removeRow(q, t, and(eq(t.tenantId, row.tenantId), eq(t.id, row.id)), row.writeId);
}

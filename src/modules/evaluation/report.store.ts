import { and, eq } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
import { evaluationTables } from "./tables.ts";

export type ReportRow = (typeof evaluationTables.sqlite.reports)["$inferSelect"];

/** A tenant's report, or nothing. */
export async function findReport(db: ReadDb, tenantId: string, id: string): Promise<ReportRow | undefined> {
  const { reports } = evaluationTables.of(db);
  const [row] = await db
    .select()
    .from(reports)
    .where(and(eq(reports.tenantId, tenantId), eq(reports.id, id)));
  return row;
}

/** The statement that stores a report. */
export function insertReport(q: WriteDb, row: ReportRow): Statement {
  const { reports } = evaluationTables.of(q);
  return q.insert(reports).values(row);
}

import { and, desc, eq, inArray, lt } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
import { olderThan } from "../../db/older-than.ts";
import type { Place } from "../../kernel/page.ts";
import { evaluationTables } from "./tables.ts";

export type RunRow = (typeof evaluationTables.sqlite.runs)["$inferSelect"];

export interface RunFilter {
  readonly projectIds?: readonly string[];
  readonly datasetId?: string;
  readonly profile?: string;
}

/** A tenant's run, or nothing. */
export async function findRun(db: ReadDb, tenantId: string, id: string): Promise<RunRow | undefined> {
  const { runs } = evaluationTables.of(db);
  const [row] = await db
    .select()
    .from(runs)
    .where(and(eq(runs.tenantId, tenantId), eq(runs.id, id)));
  return row;
}

/** The run that a job made, or nothing. */
export async function findRunOfJob(db: ReadDb, tenantId: string, jobId: string): Promise<RunRow | undefined> {
  const { runs } = evaluationTables.of(db);
  const [row] = await db
    .select()
    .from(runs)
    .where(and(eq(runs.tenantId, tenantId), eq(runs.jobId, jobId)));
  return row;
}

/** A tenant's runs, newest first, at most `limit` after a place. */
export function listRuns(
  db: ReadDb,
  tenantId: string,
  filter: RunFilter,
  limit: number,
  after?: Place,
): Promise<RunRow[]> {
  const { runs } = evaluationTables.of(db);
  return db
    .select()
    .from(runs)
    .where(
      and(
        eq(runs.tenantId, tenantId),
        filter.projectIds ? inArray(runs.projectId, filter.projectIds.slice(0, 90)) : undefined,
        filter.datasetId ? eq(runs.datasetId, filter.datasetId) : undefined,
        filter.profile ? eq(runs.profile, filter.profile) : undefined,
        olderThan(runs.createdAt, runs.id, after),
      ),
    )
    .orderBy(desc(runs.createdAt), desc(runs.id))
    .limit(limit);
}

/** The statement that stores a run. */
export function insertRun(q: WriteDb, row: RunRow): Statement {
  const { runs } = evaluationTables.of(q);
  return q.insert(runs).values(row);
}

/** A tenant's runs from before an instant, the oldest first. */
export function listRunsBefore(db: ReadDb, tenantId: string, before: Date, limit: number): Promise<RunRow[]> {
  const { runs } = evaluationTables.of(db);
  return db
    .select()
    .from(runs)
    .where(and(eq(runs.tenantId, tenantId), lt(runs.createdAt, before)))
    .orderBy(runs.createdAt)
    .limit(limit);
}

/** The statement that deletes a run. */
export function deleteRun(q: WriteDb, tenantId: string, id: string): Statement {
  const { runs } = evaluationTables.of(q);
  return q.delete(runs).where(and(eq(runs.tenantId, tenantId), eq(runs.id, id)));
}

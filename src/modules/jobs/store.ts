import { and, count, desc, eq, gte, inArray, sql, sum } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
import { jsonRows } from "../../db/json-rows.ts";
import { olderThan } from "../../db/older-than.ts";
import type { Place } from "../../kernel/page.ts";
import type { JobSnapshot } from "./engine/effects.ts";
import { jobTables } from "./tables.ts";

export type JobRecord = (typeof jobTables.sqlite.jobs)["$inferSelect"];

export interface JobFilter {
  readonly projectIds?: readonly string[];
  readonly type?: string;
  readonly status?: string;
  readonly states?: readonly string[];
}

/** A tenant's jobs as the read model has them, newest first, at most `limit` after a place. */
export function listJobs(
  db: ReadDb,
  tenantId: string,
  filter: JobFilter,
  limit: number,
  after?: Place,
): Promise<JobRecord[]> {
  const { jobs } = jobTables.of(db);
  return db
    .select()
    .from(jobs)
    .where(
      and(
        eq(jobs.tenantId, tenantId),
        filter.projectIds ? inArray(jobs.projectId, filter.projectIds.slice(0, 90)) : undefined,
        filter.type ? eq(jobs.type, filter.type) : undefined,
        filter.status ? eq(jobs.status, filter.status) : undefined,
        filter.states ? inArray(jobs.state, [...filter.states]) : undefined,
        olderThan(jobs.createdAt, jobs.id, after),
      ),
    )
    .orderBy(desc(jobs.createdAt), desc(jobs.id))
    .limit(limit);
}

/** How many evaluations a tenant has asked for since an instant. */
export function countEvaluations(db: ReadDb, tenantId: string, since: Date): Promise<number> {
  const { jobs } = jobTables.of(db);
  return db.$count(
    jobs,
    and(
      eq(jobs.tenantId, tenantId),
      inArray(jobs.type, ["EVALUATION", "REGRESSION"]),
      gte(jobs.createdAt, since),
    ),
  );
}

/** Tenants that have jobs which are not final, as the read model knows: whose objects a watchdog looks after. */
export async function listTenantsAtWork(db: ReadDb, limit: number): Promise<string[]> {
  const { jobs } = jobTables.of(db);
  const rows = await db
    .selectDistinct({ tenantId: jobs.tenantId })
    .from(jobs)
    .where(inArray(jobs.status, ["QUEUED", "RUNNING"]))
    .limit(limit);
  return rows.map(({ tenantId }) => tenantId);
}

/** How many jobs of each tenant wait and run, as the read model knows. */
export async function countJobsAtWork(db: ReadDb) {
  const { jobs } = jobTables.of(db);
  const { tenantId, status } = jobs;
  return db
    .select({ tenantId, status, jobs: count() })
    .from(jobs)
    .where(inArray(status, ["QUEUED", "RUNNING"]))
    .groupBy(tenantId, status);
}

/** What a tenant's jobs have cost since the beginning of its day and of its month, in micros. */
export async function spentBetween(
  db: ReadDb,
  tenantId: string,
  dayStart: Date,
  monthStart: Date,
): Promise<{ readonly day: number; readonly month: number }> {
  const { jobs } = jobTables.of(db);
  const since = async (start: Date): Promise<number> => {
    const [row] = await db
      .select({ total: sum(jobs.costMicros).mapWith(Number) })
      .from(jobs)
      .where(and(eq(jobs.tenantId, tenantId), gte(jobs.createdAt, start)));
    return row?.total ?? 0;
  };
  return { day: await since(dayStart), month: await since(monthStart) };
}

/** Snapshots in one statement; each has about a kilobyte, and D1 takes two megabytes in a parameter. */
export const jobsPerUpsert = 200;

/** The statement that takes snapshots of different jobs into the read model, except where it has later ones. */
export function upsertJobs(q: WriteDb, rows: readonly JobSnapshot[]): Statement {
  const { jobs } = jobTables.of(q);
  const given = (column: { readonly name: string }) => sql.raw(`excluded.${column.name}`);
  const records = rows.map((job) => ({
    id: job.id,
    tenantId: job.tenantId,
    projectId: job.projectId,
    type: job.type,
    status: job.status,
    state: job.state,
    job,
    lastEventSeq: job.lastEventSeq,
    costMicros: job.costMicros,
    createdAt: new Date(job.createdAt),
  }));
  return q
    .insert(jobs)
    .select(jsonRows(q.dialect, jobs, records))
    .onConflictDoUpdate({
      target: jobs.id,
      set: {
        projectId: given(jobs.projectId),
        type: given(jobs.type),
        status: given(jobs.status),
        state: given(jobs.state),
        job: given(jobs.job),
        lastEventSeq: given(jobs.lastEventSeq),
        costMicros: given(jobs.costMicros),
      },
      setWhere: sql`${jobs.lastEventSeq} < ${given(jobs.lastEventSeq)}`,
    });
}

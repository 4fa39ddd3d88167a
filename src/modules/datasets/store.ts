import { and, desc, eq, inArray, isNull, lt, or } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
import { olderThan } from "../../db/older-than.ts";
import { replaceRow } from "../../db/races.ts";
import type { Place } from "../../kernel/page.ts";
import { type DatasetRow, type DatasetVersionRow, datasetTables } from "./tables.ts";

export interface DatasetFilter {
  readonly name?: string | undefined;
  readonly projectId?: string | undefined;
  readonly status?: DatasetRow["status"] | undefined;
  /** Only these projects and what belongs to none; absent means all. */
  readonly within?: readonly string[] | undefined;
}

export async function findDataset(db: ReadDb, tenantId: string, by: { id: string } | { name: string }) {
  const { datasets: t } = datasetTables.of(db);
  const is = "id" in by ? eq(t.id, by.id) : eq(t.name, by.name);
  const [row] = await db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), is));
  return row;
}

export function listDatasets(
  db: ReadDb,
  tenantId: string,
  filter: DatasetFilter,
  after: Place | undefined,
  limit: number,
) {
  const { datasets: t } = datasetTables.of(db);
  const { name, projectId, status, within } = filter;
  return db
    .select()
    .from(t)
    .where(
      and(
        eq(t.tenantId, tenantId),
        name === undefined ? undefined : eq(t.name, name),
        projectId === undefined ? undefined : eq(t.projectId, projectId),
        status === undefined ? undefined : eq(t.status, status),
        within === undefined ? undefined : or(isNull(t.projectId), inArray(t.projectId, within.slice(0, 90))),
        olderThan(t.createdAt, t.id, after),
      ),
    )
    .orderBy(desc(t.createdAt), desc(t.id))
    .limit(limit);
}

export async function findDatasetVersion(db: ReadDb, tenantId: string, datasetId: string, version: number) {
  const { datasetVersions: t } = datasetTables.of(db);
  const [row] = await db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), eq(t.datasetId, datasetId), eq(t.version, version)));
  return row;
}

/** The version that came of an upload, or of a request with an idempotency key. */
export async function findUploaded(
  db: ReadDb,
  tenantId: string,
  by: { uploadId: string } | { requestKey: string },
) {
  const { datasetVersions: t } = datasetTables.of(db);
  const is = "uploadId" in by ? eq(t.uploadId, by.uploadId) : eq(t.requestKey, by.requestKey);
  const [row] = await db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), is));
  return row;
}

/** Which of at most 90 uploads became versions. */
export async function knownUploads(db: ReadDb, tenantId: string, uploadIds: readonly string[]) {
  const { datasetVersions: t } = datasetTables.of(db);
  const rows = await db
    .select({ uploadId: t.uploadId })
    .from(t)
    .where(and(eq(t.tenantId, tenantId), inArray(t.uploadId, [...uploadIds])));
  return new Set(rows.map((row) => row.uploadId));
}

export function listDatasetVersions(
  db: ReadDb,
  tenantId: string,
  datasetId: string,
  page: { before?: number | undefined; limit: number },
) {
  const { datasetVersions: t } = datasetTables.of(db);
  return db
    .select()
    .from(t)
    .where(
      and(
        eq(t.tenantId, tenantId),
        eq(t.datasetId, datasetId),
        page.before === undefined ? undefined : lt(t.version, page.before),
      ),
    )
    .orderBy(desc(t.version))
    .limit(page.limit);
}

export function insertDataset(q: WriteDb, row: DatasetRow): Statement {
  return q.insert(datasetTables.of(q).datasets).values(row);
}

export function insertDatasetVersion(q: WriteDb, row: DatasetVersionRow): Statement {
  return q.insert(datasetTables.of(q).datasetVersions).values(row);
}

/** Replaces a data set whose row is still at `expected`; the whole unit fails as a lost race when it isn't. */
export function replaceDataset(q: WriteDb, row: DatasetRow, expected: number): readonly Statement[] {
  const { datasets: t } = datasetTables.of(q);
  const { id, tenantId, ...rest } = row;
  return replaceRow(q, t, and(eq(t.tenantId, tenantId), eq(t.id, id)), expected, rest);
}

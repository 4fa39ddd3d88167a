import { and, asc, desc, eq, inArray } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
import { olderThan } from "../../db/older-than.ts";
import { mustExist, removeRow, replaceRow } from "../../db/races.ts";
import type { Place } from "../../kernel/page.ts";
import { type ClusterRow, clusterTables, type NamespaceRow } from "./tables.ts";

export async function findCluster(db: ReadDb, tenantId: string, id: string): Promise<ClusterRow | undefined> {
  const { clusters: t } = clusterTables.of(db);
  const [row] = await db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), eq(t.id, id)));
  return row;
}

/** Newest first; `ids` holds the list to some clusters. */
export function listClusterRows(
  db: ReadDb,
  tenantId: string,
  page: { limit: number; after?: Place | undefined; ids?: readonly string[] | undefined },
): Promise<ClusterRow[]> {
  const { clusters: t } = clusterTables.of(db);
  const within = page.ids === undefined ? undefined : inArray(t.id, page.ids.slice(0, 90));
  return db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), within, olderThan(t.createdAt, t.id, page.after)))
    .orderBy(desc(t.createdAt), desc(t.id))
    .limit(page.limit);
}

export function insertCluster(q: WriteDb, row: ClusterRow): Statement {
  return q.insert(clusterTables.of(q).clusters).values(row);
}

export function replaceCluster(q: WriteDb, row: ClusterRow, expected: number): readonly Statement[] {
  const { clusters: t } = clusterTables.of(q);
  const { tenantId, id, ...rest } = row;
  return replaceRow(q, t, and(eq(t.tenantId, tenantId), eq(t.id, id)), expected, rest);
}

/** Deletes a cluster that is still the one that was read, with its agents, tokens, keys and namespaces. */
export function deleteClusterRows(q: WriteDb, row: ClusterRow): readonly Statement[] {
  const { clusters: t, ...parts } = clusterTables.of(q);
  const { tenantId, id, writeId } = row;
  const { clusterAgents, clusterEnrolments, clusterKeys, clusterNamespaces } = parts;
  return [
    ...removeRow(q, t, and(eq(t.tenantId, tenantId), eq(t.id, id)), writeId),
    ...[clusterAgents, clusterEnrolments, clusterKeys, clusterNamespaces].map((part) =>
      q.delete(part).where(and(eq(part.tenantId, tenantId), eq(part.clusterId, id))),
    ),
  ];
}

/** The namespaces of a cluster that belong to projects, by name; `projectIds` holds them to some projects. */
export function listNamespaceRows(
  db: ReadDb,
  tenantId: string,
  clusterId: string,
  projectIds?: readonly string[],
): Promise<NamespaceRow[]> {
  const { clusterNamespaces: t } = clusterTables.of(db);
  const within = projectIds === undefined ? undefined : inArray(t.projectId, projectIds.slice(0, 90));
  return db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), eq(t.clusterId, clusterId), within))
    .orderBy(asc(t.namespace))
    .limit(10_000);
}

export async function findNamespace(
  db: ReadDb,
  tenantId: string,
  clusterId: string,
  namespace: string,
): Promise<NamespaceRow | undefined> {
  const { clusterNamespaces: t } = clusterTables.of(db);
  const [row] = await db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), eq(t.clusterId, clusterId), eq(t.namespace, namespace)));
  return row;
}

/** The clusters in which some projects have a namespace. */
export async function listClustersOfProjects(
  db: ReadDb,
  tenantId: string,
  projectIds: readonly string[],
): Promise<string[]> {
  const { clusterNamespaces: t } = clusterTables.of(db);
  const rows = await db
    .selectDistinct({ clusterId: t.clusterId })
    .from(t)
    .where(and(eq(t.tenantId, tenantId), inArray(t.projectId, projectIds.slice(0, 90))))
    .limit(90);
  return rows.map(({ clusterId }) => clusterId);
}

function isNamespace(q: WriteDb, { tenantId, clusterId, namespace }: NamespaceRow) {
  const { clusterNamespaces: t } = clusterTables.of(q);
  return and(eq(t.tenantId, tenantId), eq(t.clusterId, clusterId), eq(t.namespace, namespace));
}

/** Gives a namespace to a project; `before` is what stood there. Loses the race when that has changed. */
export function putNamespace(
  q: WriteDb,
  row: NamespaceRow,
  before: NamespaceRow | undefined,
): readonly Statement[] {
  const { clusterNamespaces: t } = clusterTables.of(q);
  if (before === undefined) return [q.insert(t).values(row)];
  return [...removeRow(q, t, isNamespace(q, before), before.writeId), q.insert(t).values(row)];
}

export function removeNamespace(q: WriteDb, row: NamespaceRow): readonly Statement[] {
  return removeRow(q, clusterTables.of(q).clusterNamespaces, isNamespace(q, row), row.writeId);
}

/** A statement that holds a unit to a cluster that is still there. */
export function mustHaveCluster(q: WriteDb, tenantId: string, id: string): Statement {
  const { clusters: t } = clusterTables.of(q);
  return mustExist(q, t, and(eq(t.tenantId, tenantId), eq(t.id, id)));
}

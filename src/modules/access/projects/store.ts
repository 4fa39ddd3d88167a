import { and, desc, eq, inArray } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../../db/db.ts";
import { olderThan } from "../../../db/older-than.ts";
import { removeRow, replaceRow } from "../../../db/races.ts";
import type { Place } from "../../../kernel/page.ts";
import { accessTables } from "../tables.ts";

export type ProjectRow = typeof accessTables.sqlite.projects.$inferSelect;

export async function findProject(db: ReadDb, tenantId: string, id: string): Promise<ProjectRow | undefined> {
  const { projects } = accessTables.of(db);
  const [row] = await db
    .select()
    .from(projects)
    .where(and(eq(projects.tenantId, tenantId), eq(projects.id, id)));
  return row;
}

/** Which of these ids (at most 90) are projects of the tenant. */
export async function findProjectIds(
  db: ReadDb,
  tenantId: string,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const { projects } = accessTables.of(db);
  const rows = await db
    .select({ id: projects.id })
    .from(projects)
    .where(and(eq(projects.tenantId, tenantId), inArray(projects.id, [...ids])));
  return rows.map(({ id }) => id);
}

/** Newest first; `only` (at most 90 ids) narrows to the projects that the caller can reach. */
export function listProjects(
  db: ReadDb,
  tenantId: string,
  page: { limit: number; after?: Place | undefined; only?: readonly string[] | undefined },
): Promise<ProjectRow[]> {
  const { projects } = accessTables.of(db);
  const { after, only } = page;
  return db
    .select()
    .from(projects)
    .where(
      and(
        eq(projects.tenantId, tenantId),
        only ? inArray(projects.id, [...only]) : undefined,
        olderThan(projects.createdAt, projects.id, after),
      ),
    )
    .orderBy(desc(projects.createdAt), desc(projects.id))
    .limit(page.limit);
}

export function insertProject(q: WriteDb, row: ProjectRow): Statement {
  return q.insert(accessTables.of(q).projects).values(row);
}

/** Replaces the version before this one, or loses the race. */
export function replaceProject(q: WriteDb, { id, tenantId, ...row }: ProjectRow): readonly Statement[] {
  const { projects } = accessTables.of(q);
  const is = and(eq(projects.tenantId, tenantId), eq(projects.id, id));
  return replaceRow(q, projects, is, row.version - 1, row);
}

/** Removes exactly this version, or loses the race. */
export function removeProject(q: WriteDb, row: ProjectRow): readonly Statement[] {
  const { projects } = accessTables.of(q);
  const is = and(eq(projects.tenantId, row.tenantId), eq(projects.id, row.id));
  return removeRow(q, projects, is, row.writeId);
}

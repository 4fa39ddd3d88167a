import { and, desc, eq, inArray, isNull, lt, ne, or } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
import { olderThan } from "../../db/older-than.ts";
import { changeRow, replaceRow } from "../../db/races.ts";
import type { Place } from "../../kernel/page.ts";
import { type PromptRow, type PromptVersionRow, promptTables } from "./tables.ts";

export interface PromptFilter {
  readonly name?: string | undefined;
  readonly projectId?: string | undefined;
  /** Only these projects and what belongs to none; absent means all. */
  readonly within?: readonly string[] | undefined;
}

export async function findPrompt(db: ReadDb, tenantId: string, by: { id: string } | { name: string }) {
  const { prompts } = promptTables.of(db);
  const is = "id" in by ? eq(prompts.id, by.id) : eq(prompts.name, by.name);
  const [row] = await db
    .select()
    .from(prompts)
    .where(and(eq(prompts.tenantId, tenantId), is));
  return row;
}

export function listPrompts(
  db: ReadDb,
  tenantId: string,
  filter: PromptFilter,
  after: Place | undefined,
  limit: number,
) {
  const { prompts: t } = promptTables.of(db);
  const { name, projectId, within } = filter;
  return db
    .select()
    .from(t)
    .where(
      and(
        eq(t.tenantId, tenantId),
        name === undefined ? undefined : eq(t.name, name),
        projectId === undefined ? undefined : eq(t.projectId, projectId),
        within === undefined ? undefined : or(isNull(t.projectId), inArray(t.projectId, within.slice(0, 90))),
        olderThan(t.createdAt, t.id, after),
      ),
    )
    .orderBy(desc(t.createdAt), desc(t.id))
    .limit(limit);
}

export async function findPromptVersion(db: ReadDb, tenantId: string, promptId: string, version: number) {
  const { promptVersions: t } = promptTables.of(db);
  const [row] = await db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), eq(t.promptId, promptId), eq(t.version, version)));
  return row;
}

export function listPromptVersions(
  db: ReadDb,
  tenantId: string,
  promptId: string,
  filter: { status?: PromptVersionRow["status"] | undefined; before?: number | undefined; limit: number },
) {
  const { promptVersions: t } = promptTables.of(db);
  return db
    .select()
    .from(t)
    .where(
      and(
        eq(t.tenantId, tenantId),
        eq(t.promptId, promptId),
        filter.status === undefined ? undefined : eq(t.status, filter.status),
        filter.before === undefined ? undefined : lt(t.version, filter.before),
      ),
    )
    .orderBy(desc(t.version))
    .limit(filter.limit);
}

/** The highest approved version besides one, as a list of none or one. */
export async function approvedBeside(db: ReadDb, tenantId: string, promptId: string, version: number) {
  const { promptVersions: t } = promptTables.of(db);
  const rows = await db
    .select({ version: t.version })
    .from(t)
    .where(
      and(
        eq(t.tenantId, tenantId),
        eq(t.promptId, promptId),
        eq(t.status, "approved"),
        ne(t.version, version),
      ),
    )
    .orderBy(desc(t.version))
    .limit(1);
  return rows.map((row) => row.version);
}

export function insertPrompt(q: WriteDb, row: PromptRow): Statement {
  return q.insert(promptTables.of(q).prompts).values(row);
}

export function insertPromptVersion(q: WriteDb, row: PromptVersionRow): Statement {
  return q.insert(promptTables.of(q).promptVersions).values(row);
}

/** Replaces a prompt whose row is still at `expected`; the whole unit fails as a lost race when it isn't. */
export function replacePrompt(q: WriteDb, row: PromptRow, expected: number): readonly Statement[] {
  const { prompts: t } = promptTables.of(q);
  const { id, tenantId, ...rest } = row;
  return replaceRow(q, t, and(eq(t.tenantId, tenantId), eq(t.id, id)), expected, rest);
}

/** Replaces a version whose status is still `expected`; the whole unit fails as a lost race when it isn't. */
export function replacePromptVersion(
  q: WriteDb,
  row: PromptVersionRow,
  expected: PromptVersionRow["status"],
): readonly Statement[] {
  const { promptVersions: t } = promptTables.of(q);
  const { tenantId, promptId, version, ...rest } = row;
  const is = and(eq(t.tenantId, tenantId), eq(t.promptId, promptId), eq(t.version, version));
  return changeRow(q, t, is, eq(t.status, expected), rest);
}

import { and, desc, eq, inArray, isNull } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../../db/db.ts";
import { olderThan } from "../../../db/older-than.ts";
import { mustExist, removeRow, replaceRow } from "../../../db/races.ts";
import type { Place } from "../../../kernel/page.ts";
import { accessTables } from "../tables.ts";

export type UserRow = typeof accessTables.sqlite.users.$inferSelect;

export async function findUser(db: ReadDb, tenantId: string, id: string): Promise<UserRow | undefined> {
  const { users } = accessTables.of(db);
  const [row] = await db
    .select()
    .from(users)
    .where(and(eq(users.tenantId, tenantId), eq(users.id, id)));
  return row;
}

/** Which of these ids (each 90 in one query) are users of the tenant. */
export async function findUserIds(db: ReadDb, tenantId: string, ids: readonly string[]): Promise<string[]> {
  const { users } = accessTables.of(db);
  const found: string[] = [];
  for (let from = 0; from < ids.length; from += 90) {
    const rows = await db
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.tenantId, tenantId), inArray(users.id, ids.slice(from, from + 90))));
    found.push(...rows.map(({ id }) => id));
  }
  return found;
}

export async function findUserByEmail(
  db: ReadDb,
  tenantId: string,
  email: string,
): Promise<UserRow | undefined> {
  const { users } = accessTables.of(db);
  const [row] = await db
    .select()
    .from(users)
    .where(and(eq(users.tenantId, tenantId), eq(users.email, email)));
  return row;
}

/** Newest first. */
export async function listUsers(
  db: ReadDb,
  tenantId: string,
  page: { limit: number; after?: Place | undefined },
): Promise<UserRow[]> {
  const { users } = accessTables.of(db);
  return db
    .select()
    .from(users)
    .where(and(eq(users.tenantId, tenantId), olderThan(users.createdAt, users.id, page.after)))
    .orderBy(desc(users.createdAt), desc(users.id))
    .limit(page.limit);
}

export function insertUser(q: WriteDb, row: UserRow): Statement {
  return q.insert(accessTables.of(q).users).values(row);
}

/** Replaces the version before this one, or loses the race; the stamp of the last sign-in is left alone. */
export function replaceUser(
  q: WriteDb,
  { id, tenantId, lastSignInAt: _, ...row }: UserRow,
): readonly Statement[] {
  const { users } = accessTables.of(q);
  const is = and(eq(users.tenantId, tenantId), eq(users.id, id));
  return replaceRow(q, users, is, row.version - 1, row);
}

/** Removes exactly this version, or loses the race. */
export function removeUser(q: WriteDb, row: UserRow): readonly Statement[] {
  const { users } = accessTables.of(q);
  return removeRow(q, users, and(eq(users.tenantId, row.tenantId), eq(users.id, row.id)), row.writeId);
}

export function stampSignIn(q: WriteDb, row: UserRow, now: Date): Statement {
  const { users } = accessTables.of(q);
  return q
    .update(users)
    .set({ lastSignInAt: now })
    .where(and(eq(users.tenantId, row.tenantId), eq(users.id, row.id)));
}

/**
 * Makes changes to the admins of a tenant wait for each other. Comes first in the unit: without it, two admins of
 * PostgreSQL could remove each other at once.
 */
export function lockAdmins(q: WriteDb, tenantId: string, writeId: string): Statement {
  const { tenants } = accessTables.of(q);
  return q.update(tenants).set({ writeId }).where(eq(tenants.tenantId, tenantId));
}

/** Fails the unit when it would leave the tenant without an admin who can sign in and reach everything. */
export function mustKeepAdmin(q: WriteDb, tenantId: string): Statement {
  return mustExist(q, accessTables.of(q).users, isAdminOf(q, tenantId));
}

export async function countAdmins(db: ReadDb, tenantId: string): Promise<number> {
  return db.$count(accessTables.of(db).users, isAdminOf(db, tenantId));
}

function isAdminOf(db: ReadDb, tenantId: string) {
  const { users } = accessTables.of(db);
  return and(
    eq(users.tenantId, tenantId),
    eq(users.role, "admin"),
    eq(users.disabled, false),
    isNull(users.projectIds),
  );
}

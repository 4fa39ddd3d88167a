import { and, eq, gt, isNull, lte, sql } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../../db/db.ts";
import { changeRow, removeRow } from "../../../db/races.ts";
import { accessTables } from "../tables.ts";
import type { UserRow } from "../users/store.ts";
import type { Attempts } from "./sign-in.rules.ts";

export type SessionRow = typeof accessTables.sqlite.sessions.$inferSelect;
export type RefreshTokenRow = typeof accessTables.sqlite.refreshTokens.$inferSelect;
export type AttemptRow = typeof accessTables.sqlite.signInAttempts.$inferSelect;
type Account = Pick<AttemptRow, "tenantId" | "account">;
type Reason = NonNullable<SessionRow["revokedReason"]>;

export async function findSession(db: ReadDb, tenantId: string, id: string) {
  const { sessions, users } = accessTables.of(db);
  const [row] = await db
    .select({ session: sessions, user: users })
    .from(sessions)
    .innerJoin(users, and(eq(users.id, sessions.userId), eq(users.tenantId, sessions.tenantId)))
    .where(and(eq(sessions.tenantId, tenantId), eq(sessions.id, id)));
  return row;
}

/** The token tells the tenant, not the other way round. */
export async function findRefreshToken(db: ReadDb, hash: string) {
  const { refreshTokens, sessions, users } = accessTables.of(db);
  const [row] = await db
    .select({ token: refreshTokens, session: sessions, user: users })
    .from(refreshTokens)
    .innerJoin(
      sessions,
      and(eq(sessions.id, refreshTokens.sessionId), eq(sessions.tenantId, refreshTokens.tenantId)),
    )
    .innerJoin(users, and(eq(users.id, sessions.userId), eq(users.tenantId, sessions.tenantId)))
    .where(eq(refreshTokens.hash, hash));
  return row;
}

export async function countSessions(
  db: ReadDb,
  tenantId: string,
  userId: string,
  now: Date,
): Promise<number> {
  const { sessions } = accessTables.of(db);
  return db.$count(
    sessions,
    and(
      eq(sessions.tenantId, tenantId),
      eq(sessions.userId, userId),
      isNull(sessions.revokedAt),
      gt(sessions.expiresAt, now),
    ),
  );
}

export function insertSession(q: WriteDb, row: SessionRow): Statement {
  return q.insert(accessTables.of(q).sessions).values(row);
}

export function insertRefreshToken(q: WriteDb, row: RefreshTokenRow): Statement {
  return q.insert(accessTables.of(q).refreshTokens).values(row);
}

/** Uses a refresh token up, or loses the race to whoever did. */
export function useRefreshToken(
  q: WriteDb,
  { tenantId, hash }: RefreshTokenRow,
  now: Date,
  writeId: string,
): readonly Statement[] {
  const { refreshTokens: table } = accessTables.of(q);
  const is = and(eq(table.tenantId, tenantId), eq(table.hash, hash));
  return changeRow(q, table, is, isNull(table.usedAt), { usedAt: now, writeId });
}

export function revokeSession(q: WriteDb, row: SessionRow, now: Date, reason: Reason): Statement {
  const { sessions } = accessTables.of(q);
  return q
    .update(sessions)
    .set({ revokedAt: now, revokedReason: reason })
    .where(and(eq(sessions.tenantId, row.tenantId), eq(sessions.id, row.id), isNull(sessions.revokedAt)));
}

export function revokeSessionsOf(
  q: WriteDb,
  user: { readonly tenantId: string; readonly id: string },
  now: Date,
  reason: Reason,
): Statement {
  const { sessions } = accessTables.of(q);
  return q
    .update(sessions)
    .set({ revokedAt: now, revokedReason: reason })
    .where(
      and(eq(sessions.tenantId, user.tenantId), eq(sessions.userId, user.id), isNull(sessions.revokedAt)),
    );
}

/** Forgets what a user's ended sessions left behind. */
export function forgetEnded(
  q: WriteDb,
  user: Pick<UserRow, "tenantId" | "id">,
  now: Date,
): readonly Statement[] {
  const { sessions, refreshTokens } = accessTables.of(q);
  return [
    q
      .delete(refreshTokens)
      .where(
        and(
          eq(refreshTokens.tenantId, user.tenantId),
          eq(refreshTokens.userId, user.id),
          lte(refreshTokens.expiresAt, now),
        ),
      ),
    q
      .delete(sessions)
      .where(
        and(eq(sessions.tenantId, user.tenantId), eq(sessions.userId, user.id), lte(sessions.expiresAt, now)),
      ),
  ];
}

export async function findAttempts(
  db: ReadDb,
  { tenantId, account }: Account,
): Promise<AttemptRow | undefined> {
  const { signInAttempts: table } = accessTables.of(db);
  const [row] = await db
    .select()
    .from(table)
    .where(and(eq(table.tenantId, tenantId), eq(table.account, account)));
  return row;
}

/**
 * Remembers a failure, unless another attempt was remembered since `seen`: then the race is lost, so that guesses sent
 * at once don't each get an answer.
 */
export function rememberFailure(
  q: WriteDb,
  { tenantId, account }: Account,
  seen: AttemptRow | undefined,
  next: Attempts,
  now: Date,
  writeId: string,
): readonly Statement[] {
  const { signInAttempts: table } = accessTables.of(q);
  if (seen === undefined) {
    return [
      q.delete(table).where(and(eq(table.tenantId, tenantId), lte(table.expiresAt, now))),
      q.insert(table).values({ tenantId, account, ...next, writeId }),
    ];
  }
  const isAccount = and(eq(table.tenantId, tenantId), eq(table.account, account));
  return changeRow(q, table, isAccount, eq(table.writeId, seen.writeId), { ...next, writeId });
}

/** Forgets an account's failures, unless another attempt was remembered since `seen`. */
export function forgetFailures(
  q: WriteDb,
  { tenantId, account }: Account,
  seen: AttemptRow | undefined,
): readonly Statement[] {
  const { signInAttempts: table } = accessTables.of(q);
  const isAccount = and(eq(table.tenantId, tenantId), eq(table.account, account));
  if (seen === undefined) return [q.mustHold(sql`not exists (select 1 from ${table} where ${isAccount})`)];
  return removeRow(q, table, isAccount, seen.writeId);
}

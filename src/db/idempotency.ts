import { and, eq, isNull, lt } from "drizzle-orm";
import { type Db, UniqueViolation } from "./db.ts";
import { ledgerTables } from "./ledger-tables.ts";

interface Key {
  readonly tenantId: string;
  readonly scope: string;
  readonly key: string;
  readonly bodyHash: string;
  readonly claimId: string;
}

const lockMs = 60_000;
const keepMs = 24 * 3600_000;
/** When to ask again about a request that still runs. */
const retryAfterMs = 1_000;

/** Keeps what was answered to an idempotency key. A claim whose worker died can be taken over after a minute. */
export function idempotencyLedger(db: Db, now: Date) {
  const { idempotency: table } = ledgerTables.of(db);
  const isMine = (key: Key) => and(rowOf(table, key), eq(table.claimId, key.claimId));

  return {
    claim: (key: Key) => claim(db, now, key),
    async finish(key: Key, status: number, response: unknown) {
      await db.atomic((q) => [q.update(table).set({ status, response }).where(isMine(key))]);
    },
    async release(key: Key) {
      await db.atomic((q) => [
        q.delete(table).where(and(isMine(key), isNull(table.appliedTo))),
        q.update(table).set({ lockedUntil: now }).where(isMine(key)),
      ]);
    },
  };
}

type Table = ReturnType<typeof ledgerTables.of>["idempotency"];

function rowOf(table: Table, key: Key) {
  return and(eq(table.tenantId, key.tenantId), eq(table.scope, key.scope), eq(table.key, key.key));
}

async function claim(db: Db, now: Date, key: Key) {
  const { idempotency: table } = ledgerTables.of(db);
  try {
    await db.atomic((q) => [q.insert(table).values({ ...key, ...times(now) })]);
    return { state: "claimed" as const };
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error;
  }
  const [row] = await db.select().from(table).where(rowOf(table, key));
  if (row === undefined || row.expiresAt <= now) return takeOver(db, now, key, row?.claimId);
  if (row.bodyHash !== key.bodyHash) return { state: "other_body" as const };
  if (row.status !== null) return { state: "done" as const, status: row.status, response: row.response };
  // A write is applied a moment before its answer is kept: only later it is sure that the answer was lost.
  if (row.lockedUntil > now) return { state: "running" as const, retryAfterMs };
  if (row.appliedTo !== null) return { state: "applied" as const, resource: row.appliedTo };
  return takeOver(db, now, key, row.claimId);
}

async function takeOver(db: Db, now: Date, key: Key, holder: string | undefined) {
  const { idempotency: table } = ledgerTables.of(db);
  const { bodyHash, claimId } = key;
  const won = await db.atomic((q) => [
    q
      .update(table)
      .set({ bodyHash, claimId, appliedTo: null, status: null, response: null, ...times(now) })
      .where(and(rowOf(table, key), eq(table.claimId, holder ?? "")))
      .returning({ key: table.key }),
  ]);
  const [rows] = won as [readonly unknown[]];
  return rows.length > 0 ? { state: "claimed" as const } : { state: "running" as const, retryAfterMs };
}

function times(now: Date) {
  return { lockedUntil: new Date(now.getTime() + lockMs), expiresAt: new Date(now.getTime() + keepMs) };
}

/** Forgets keys whose time is over. */
export async function expireIdempotencyKeys(db: Db, now: Date): Promise<void> {
  const { idempotency: table } = ledgerTables.of(db);
  await db.atomic((q) => [q.delete(table).where(lt(table.expiresAt, now))]);
}

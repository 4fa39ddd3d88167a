import { and, eq, isNull, lt } from "drizzle-orm";
import { type Db, UniqueViolation } from "./db.ts";
import { ledgerTables } from "./ledger-tables.ts";

interface Key {
  readonly tenantId: string;
  readonly scope: string;
  readonly key: string;
  readonly bodyHash: string;
  readonly requestId: string;
}

const lockMs = 60_000;
const keepMs = 24 * 3600_000;

/** Keeps what was answered to an idempotency key. A claim whose worker died can be taken over after a minute. */
export function idempotencyLedger(db: Db, now: Date) {
  const { idempotency: table } = ledgerTables.of(db);
  const is = (key: Key) =>
    and(eq(table.tenantId, key.tenantId), eq(table.scope, key.scope), eq(table.key, key.key));
  const isMine = (key: Key) => and(is(key), eq(table.requestId, key.requestId));
  const later = (ms: number) => new Date(now.getTime() + ms);

  async function claim(key: Key) {
    const { tenantId, scope, bodyHash, requestId } = key;
    const fresh = {
      tenantId,
      scope,
      key: key.key,
      bodyHash,
      requestId,
      lockedUntil: later(lockMs),
      expiresAt: later(keepMs),
    };
    try {
      await db.atomic((q) => [q.insert(table).values(fresh)]);
      return { state: "claimed" as const };
    } catch (error) {
      if (!(error instanceof UniqueViolation)) throw error;
    }
    const [row] = await db.select().from(table).where(is(key));
    if (row === undefined || row.expiresAt <= now) return takeOver(key, row?.requestId);
    if (row.bodyHash !== bodyHash) return { state: "other_body" as const };
    if (row.status !== null) return { state: "done" as const, status: row.status, response: row.response };
    // A write is applied a moment before its answer is kept: only later it is sure that the answer was lost.
    if (row.lockedUntil > now) return { state: "running" as const, retryAfterMs: 1_000 };
    if (row.appliedTo !== null) return { state: "applied" as const, resource: row.appliedTo };
    return takeOver(key, row.requestId);
  }

  async function takeOver(key: Key, holder: string | undefined) {
    const won = await db.atomic((q) => [
      q
        .update(table)
        .set({
          bodyHash: key.bodyHash,
          requestId: key.requestId,
          appliedTo: null,
          status: null,
          response: null,
          lockedUntil: later(lockMs),
          expiresAt: later(keepMs),
        })
        .where(and(is(key), eq(table.requestId, holder ?? "")))
        .returning({ key: table.key }),
    ]);
    const [rows] = won as [readonly unknown[]];
    return rows.length > 0
      ? { state: "claimed" as const }
      : { state: "running" as const, retryAfterMs: 1000 };
  }

  return {
    claim,
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

/** Forgets keys whose time is over. */
export async function expireIdempotencyKeys(db: Db, now: Date): Promise<void> {
  const { idempotency: table } = ledgerTables.of(db);
  await db.atomic((q) => [q.delete(table).where(lt(table.expiresAt, now))]);
}

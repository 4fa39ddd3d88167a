import { and, asc, desc, eq, gt, isNull, or } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
import { changeRow, replaceRow } from "../../db/races.ts";
import { type AgentRow, clusterTables, type EnrolmentRow, type KeyRow } from "./tables.ts";

export async function findAgent(
  db: ReadDb,
  tenantId: string,
  clusterId: string,
  id: string,
): Promise<AgentRow | undefined> {
  const { clusterAgents: t } = clusterTables.of(db);
  const [row] = await db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), eq(t.clusterId, clusterId), eq(t.id, id)));
  return row;
}

export function insertAgent(q: WriteDb, row: AgentRow): Statement {
  return q.insert(clusterTables.of(q).clusterAgents).values(row);
}

export function replaceAgent(q: WriteDb, row: AgentRow, expected: number): readonly Statement[] {
  const { clusterAgents: t } = clusterTables.of(q);
  const { tenantId, id, ...rest } = row;
  return replaceRow(q, t, and(eq(t.tenantId, tenantId), eq(t.id, id)), expected, rest);
}

/** The enrolment that a token names; its id alone says whose it is. */
export async function findEnrolmentByToken(db: ReadDb, id: string): Promise<EnrolmentRow | undefined> {
  const { clusterEnrolments: t } = clusterTables.of(db);
  const [row] = await db.select().from(t).where(eq(t.id, id));
  return row;
}

export function insertEnrolment(q: WriteDb, row: EnrolmentRow): Statement {
  return q.insert(clusterTables.of(q).clusterEnrolments).values(row);
}

/** Marks a token as used; loses the race when another came first or its time is over. */
export function useEnrolment(
  q: WriteDb,
  row: EnrolmentRow,
  usedAt: Date,
  writeId: string,
): readonly Statement[] {
  const { clusterEnrolments: t } = clusterTables.of(q);
  const isIt = and(eq(t.tenantId, row.tenantId), eq(t.id, row.id));
  return changeRow(q, t, isIt, and(isNull(t.usedAt), gt(t.expiresAt, usedAt)), { usedAt, writeId });
}

export function insertKey(q: WriteDb, row: KeyRow): Statement {
  return q.insert(clusterTables.of(q).clusterKeys).values(row);
}

/** Lets every key that has no end yet end at an instant. */
export function endKeys(q: WriteDb, tenantId: string, clusterId: string, at: Date): Statement {
  const { clusterKeys: t } = clusterTables.of(q);
  return q
    .update(t)
    .set({ validUntil: at })
    .where(and(eq(t.tenantId, tenantId), eq(t.clusterId, clusterId), isNull(t.validUntil)));
}

/** All agents that were ever enrolled, the oldest first. */
export function listAgentRows(db: ReadDb, tenantId: string, clusterId: string): Promise<AgentRow[]> {
  const { clusterAgents: t } = clusterTables.of(db);
  return db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), eq(t.clusterId, clusterId)))
    .orderBy(asc(t.createdAt), asc(t.id))
    .limit(1000);
}

/** Every key that ever signed for a cluster, the newest first. */
export function listEveryKey(db: ReadDb, tenantId: string, clusterId: string): Promise<KeyRow[]> {
  const { clusterKeys: t } = clusterTables.of(db);
  return db
    .select()
    .from(t)
    .where(and(eq(t.tenantId, tenantId), eq(t.clusterId, clusterId)))
    .orderBy(desc(t.createdAt), desc(t.id))
    .limit(1000);
}

/** The keys that are valid at an instant, the newest first. */
export function listKeyRows(db: ReadDb, tenantId: string, clusterId: string, now: Date): Promise<KeyRow[]> {
  const { clusterKeys: t } = clusterTables.of(db);
  return db
    .select()
    .from(t)
    .where(
      and(
        eq(t.tenantId, tenantId),
        eq(t.clusterId, clusterId),
        or(isNull(t.validUntil), gt(t.validUntil, now)),
      ),
    )
    .orderBy(desc(t.createdAt), desc(t.id))
    .limit(20);
}

import { and, asc, desc, eq, gt, isNull, or } from "drizzle-orm";
import type { ReadDb } from "../../../db/db.ts";
import { findCluster } from "../store.ts";
import { type AgentRow, type ClusterRow, clusterTables, type KeyRow } from "../tables.ts";

/** What a relay must know of its cluster: who may connect, and what commands are signed with. */
export interface RelayFacts {
  readonly cluster: ClusterRow;
  readonly agents: ReadonlyMap<string, AgentRow>;
  /** Valid ones, the newest first: it signs. */
  readonly keys: readonly KeyRow[];
}

/** Undefined when there is no such cluster. */
export async function readRelayFacts(
  db: ReadDb,
  tenantId: string,
  clusterId: string,
  now: Date,
): Promise<RelayFacts | undefined> {
  const cluster = await findCluster(db, tenantId, clusterId);
  if (cluster === undefined) return undefined;
  const agents = await listAgentRows(db, tenantId, clusterId);
  const keys = await listKeyRows(db, tenantId, clusterId, now);
  return { cluster, agents: new Map(agents.map((row) => [row.id, row])), keys };
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

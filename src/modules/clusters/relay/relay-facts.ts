import type { ReadDb } from "../../../db/db.ts";
import { listAgentRows, listKeyRows } from "../agent-store.ts";
import { findCluster } from "../store.ts";
import type { AgentRow, ClusterRow, KeyRow } from "../tables.ts";

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

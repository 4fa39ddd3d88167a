import { defineOperation } from "../../../kernel/operation.ts";
import { listAgentRows } from "../agent-store.ts";
import { mustFindCluster } from "../find-cluster.ts";
import { agentOf, ClusterRef, ClusterState, clusterOf } from "../schemas.ts";

export const getCluster = defineOperation({
  action: "clusters.cluster.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Read a cluster, with who is connected now",
  input: ClusterRef,
  output: ClusterState,
  raises: ["not_found"],
  resource: ({ id }) => `cluster:${id}`,
  version: (cluster) => cluster.version,
  async run(ctx, { id }) {
    const row = await mustFindCluster(ctx, id);
    const agents = await listAgentRows(ctx.db, ctx.tenantId, id);
    const presence = await ctx.ports.relays.presence(ctx.tenantId, id);
    const { syncedAt, online } = await ctx.ports.clusters.inventory(ctx.tenantId, id, {
      kinds: [""],
      limit: 1,
    });
    return {
      ...clusterOf(row),
      online,
      inventoryAt: syncedAt === null ? null : new Date(syncedAt).toISOString(),
      agents: agents.map((agent) =>
        agentOf(
          agent,
          presence.find(({ agentId }) => agentId === agent.id),
        ),
      ),
    };
  },
});

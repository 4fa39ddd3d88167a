import { defineOperation } from "../../../kernel/operation.ts";
import { listAgentRows } from "../agent-store.ts";
import { mustFindWholeCluster } from "../find-whole-cluster.ts";
import { agentOf, ClusterAgents, ClusterRef } from "../schemas.ts";

export const listAgents = defineOperation({
  action: "clusters.agent.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List the agents of a cluster, the oldest first, with who is connected",
  input: ClusterRef,
  output: ClusterAgents,
  raises: ["not_found", "forbidden"],
  resource: ({ id }) => `cluster:${id}`,
  async run(ctx, { id }) {
    await mustFindWholeCluster(ctx, id);
    const rows = await listAgentRows(ctx.db, ctx.tenantId, id);
    const presence = await ctx.ports.relays.presence(ctx.tenantId, id);
    return {
      items: rows.map((row) =>
        agentOf(
          row,
          presence.find(({ agentId }) => agentId === row.id),
        ),
      ),
    };
  },
});

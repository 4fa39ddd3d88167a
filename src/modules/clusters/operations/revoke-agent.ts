import { actorName } from "../../../kernel/actor-name.ts";
import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { findAgent, replaceAgent } from "../agent-store.ts";
import { mustFindWholeCluster } from "../find-whole-cluster.ts";
import { AgentRef, agentOf, ClusterAgent } from "../schemas.ts";
import type { AgentRow } from "../tables.ts";
import { clusterChanged, tellRelay } from "../tell-relay.ts";

export const revokeAgent = defineOperation({
  action: "clusters.agent.revoke",
  effect: "write",
  scope: "clusters:admin",
  summary: "Cut an agent off at once and for good; to come back it must be enrolled again",
  input: AgentRef,
  output: ClusterAgent,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ id, agentId }) => `cluster:${id}/agent/${agentId}`,
  version: (agent) => agent.version,
  async run(ctx, { id, agentId }) {
    await mustFindWholeCluster(ctx, id);
    const before = await findAgent(ctx.db, ctx.tenantId, id, agentId);
    if (before === undefined)
      throw problem("not_found", "clusters.agent_unknown", `There is no agent ${agentId} of this cluster.`);
    expectVersion(ctx, before.version);
    const row: AgentRow = {
      ...before,
      status: "revoked",
      formerKey: null,
      formerKeyUntil: null,
      revokedAt: before.revokedAt ?? ctx.now,
      revokedBy: before.revokedBy ?? actorName(ctx.actor),
      version: before.version + 1,
      writeId: ctx.newId("wr"),
    };
    await ctx.write(
      {
        entity: `cluster:${id}/agent/${agentId}`,
        before: { status: before.status },
        after: { status: row.status, name: row.name },
      },
      (q) => replaceAgent(q, row, before.version),
      clusterChanged(id),
    );
    await tellRelay(ctx, id);
    return agentOf(row, undefined);
  },
});

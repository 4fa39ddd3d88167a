import { and, eq } from "drizzle-orm";
import { replaceRow } from "../../../db/races.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { type AgentRow, clusterTables } from "../tables.ts";

const overlapMs = 86_400_000;

/** An agent has made itself a new key; the one before is accepted for a day, since the agent may not hear of it at once. */
export async function replaceAgentKey(ctx: Ctx, agent: AgentRow, publicKey: string): Promise<void> {
  const entity = `cluster:${agent.clusterId}/agent/${agent.id}`;
  const fields = {
    publicKey,
    formerKey: agent.publicKey,
    formerKeyUntil: new Date(ctx.now.getTime() + overlapMs),
    keyMadeAt: ctx.now,
    version: agent.version + 1,
    writeId: ctx.newId("wr"),
  };
  await ctx.write({ entity, before: { publicKey: agent.publicKey }, after: { publicKey } }, (q) => {
    const { clusterAgents: t } = clusterTables.of(q);
    const isIt = and(eq(t.tenantId, agent.tenantId), eq(t.id, agent.id));
    return replaceRow(q, t, isIt, agent.version, fields);
  });
}

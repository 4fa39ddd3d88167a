import type { Ctx } from "../../../kernel/context.ts";
import { replaceAgent } from "../agent-store.ts";
import type { AgentRow } from "../tables.ts";

const overlapMs = 86_400_000;

/** An agent has made itself a new key; the one before is accepted for a day, since the agent may not hear of it at once. */
export async function replaceAgentKey(ctx: Ctx, agent: AgentRow, publicKey: string): Promise<void> {
  const row: AgentRow = {
    ...agent,
    publicKey,
    formerKey: agent.publicKey,
    formerKeyUntil: new Date(ctx.now.getTime() + overlapMs),
    keyMadeAt: ctx.now,
    version: agent.version + 1,
    writeId: ctx.newId("wr"),
  };
  await ctx.write(
    {
      entity: `cluster:${agent.clusterId}/agent/${agent.id}`,
      before: { publicKey: agent.publicKey },
      after: { publicKey },
    },
    (q) => replaceAgent(q, row, agent.version),
  );
}

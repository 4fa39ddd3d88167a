import type { Ctx, OutboxMessage } from "../../kernel/context.ts";

/** The message that makes a relay read its cluster again, stored with the change so that it isn't lost. */
export const clusterChanged = (clusterId: string): readonly OutboxMessage[] => [
  { topic: "cluster.changed", payload: { clusterId } },
];

/** Tells it at once as well; where that fails the message does. */
export async function tellRelay(ctx: Ctx, clusterId: string): Promise<void> {
  await ctx.ports.relays
    .refresh(ctx.tenantId, clusterId)
    .catch((error: unknown) => ctx.log("warn", "a relay was not told", { clusterId, error }));
}

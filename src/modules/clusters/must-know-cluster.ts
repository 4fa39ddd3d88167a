import type { Ctx } from "../../kernel/context.ts";
import { mustFindCluster } from "./find-cluster.ts";

const keptMs = 10_000;
const mostKept = 10_000;
/** Until when this isolate takes it that a tenant has a cluster. */
const known = new Map<string, number>();

/**
 * Refuses a cluster that the actor may not see, without reading the database for one that was seen a moment ago. A cluster
 * that was removed meanwhile is refused by its relay, which is told at once. Never remembered for those who are held to projects.
 * @throws not_found `clusters.unknown`
 */
export async function mustKnowCluster(ctx: Ctx, id: string): Promise<void> {
  const key = `${ctx.tenantId}:${id}`;
  const now = ctx.now.getTime();
  if (ctx.actor.projectIds === undefined && (known.get(key) ?? 0) > now) return;
  await mustFindCluster(ctx, id);
  if (known.size >= mostKept) known.clear();
  known.set(key, now + keptMs);
}

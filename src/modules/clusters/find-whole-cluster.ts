import type { Ctx } from "../../kernel/context.ts";
import { mustChangeWithin } from "../../kernel/project-reach.ts";
import { mustFindCluster } from "./find-cluster.ts";
import type { ClusterRow } from "./tables.ts";

/**
 * A cluster for what concerns all of it: its agents, keys, calls and queue. Not for those who are held to projects.
 * @throws not_found `clusters.unknown`; forbidden `access.project_refused`
 */
export async function mustFindWholeCluster(ctx: Ctx, id: string): Promise<ClusterRow> {
  const row = await mustFindCluster(ctx, id);
  mustChangeWithin(ctx.actor, null);
  return row;
}

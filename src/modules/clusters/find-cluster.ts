import type { Ctx } from "../../kernel/context.ts";
import { type AppError, problem } from "../../kernel/problem.ts";
import { findCluster, listNamespaceRows } from "./store.ts";
import type { ClusterRow } from "./tables.ts";

/**
 * A cluster that the actor may see: one of the tenant, and for those who are held to projects one in which a project of
 * theirs has a namespace.
 * @throws not_found `clusters.unknown`
 */
export async function mustFindCluster(ctx: Ctx, id: string): Promise<ClusterRow> {
  const row = await findCluster(ctx.db, ctx.tenantId, id);
  if (row === undefined) throw unknownCluster(id);
  const { projectIds } = ctx.actor;
  if (projectIds === undefined) return row;
  const own = await listNamespaceRows(ctx.db, ctx.tenantId, id, projectIds);
  if (own.length === 0) throw unknownCluster(id);
  return row;
}

export const unknownCluster = (id: string): AppError =>
  problem("not_found", "clusters.unknown", `There is no cluster ${id}. GET /v1/clusters lists them.`);

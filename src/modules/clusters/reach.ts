import type { Ctx } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import { unknownCluster } from "./find-cluster.ts";
import { findCluster, findNamespace, listNamespaceRows } from "./store.ts";

/**
 * Refuses a namespace that the actor doesn't reach: one that the tenant may not use, or one of another project for
 * those who are held to projects. What isn't reached looks as if it weren't there.
 * @throws not_found `clusters.unknown`, `harvester.unknown`
 */
export async function mustReachNamespace(ctx: Ctx, clusterId: string, namespace: string): Promise<void> {
  const cluster = await findCluster(ctx.db, ctx.tenantId, clusterId);
  if (cluster === undefined) throw unknownCluster(clusterId);
  const allowed = cluster.namespaces === null || cluster.namespaces.includes(namespace);
  if (allowed && (await isOwn(ctx, clusterId, namespace))) return;
  throw problem("not_found", "harvester.unknown", `There is no namespace ${namespace}.`);
}

async function isOwn(ctx: Ctx, clusterId: string, namespace: string): Promise<boolean> {
  const { projectIds } = ctx.actor;
  if (projectIds === undefined) return true;
  const row = await findNamespace(ctx.db, ctx.tenantId, clusterId, namespace);
  return row !== undefined && projectIds.includes(row.projectId);
}

/**
 * The namespaces of a cluster that the actor reaches, by name; undefined for all there are.
 * @throws not_found `clusters.unknown`
 */
export async function reachableNamespaces(
  ctx: Ctx,
  clusterId: string,
): Promise<readonly string[] | undefined> {
  const cluster = await findCluster(ctx.db, ctx.tenantId, clusterId);
  if (cluster === undefined) throw unknownCluster(clusterId);
  const { projectIds } = ctx.actor;
  const { namespaces } = cluster;
  if (projectIds === undefined) return namespaces ?? undefined;
  const rows = await listNamespaceRows(ctx.db, ctx.tenantId, clusterId, projectIds);
  if (rows.length === 0) throw unknownCluster(clusterId);
  const own = rows.map(({ namespace }) => namespace);
  return namespaces === null ? own : own.filter((namespace) => namespaces.includes(namespace));
}

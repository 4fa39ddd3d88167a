import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, PageQuery, pageOf, toPage } from "../../../kernel/page.ts";
import { Cluster, clusterOf } from "../schemas.ts";
import { listClusterRows, listClustersOfProjects } from "../store.ts";

export const listClusters = defineOperation({
  action: "clusters.cluster.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List clusters, newest first",
  input: PageQuery,
  output: pageOf(Cluster),
  raises: [],
  async run(ctx, { limit, cursor }) {
    const { projectIds } = ctx.actor;
    const ids = projectIds && (await listClustersOfProjects(ctx.db, ctx.tenantId, projectIds));
    if (ids?.length === 0) return { items: [], nextCursor: null };
    const rows = await listClusterRows(ctx.db, ctx.tenantId, {
      limit: limit + 1,
      after: decodeCursor(cursor),
      ids,
    });
    return toPage(rows, limit, (row) => ({ at: row.createdAt, id: row.id }), clusterOf);
  },
});

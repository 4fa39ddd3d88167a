import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindCluster } from "../find-cluster.ts";
import { ClusterNamespace, ClusterRef, namespaceOf } from "../schemas.ts";
import { listNamespaceRows } from "../store.ts";

export const listNamespaces = defineOperation({
  action: "clusters.namespace.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List which namespaces of a cluster belong to which project, by name",
  input: ClusterRef,
  output: z.strictObject({ items: z.array(ClusterNamespace) }),
  raises: ["not_found"],
  resource: ({ id }) => `cluster:${id}`,
  async run(ctx, { id }) {
    await mustFindCluster(ctx, id);
    const rows = await listNamespaceRows(ctx.db, ctx.tenantId, id, ctx.actor.projectIds);
    return { items: rows.map(namespaceOf) };
  },
});

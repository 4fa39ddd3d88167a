import { actorName } from "../../../kernel/actor-name.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindProject } from "../../access/index.ts";
import { mustFindWholeCluster } from "../find-whole-cluster.ts";
import { ClusterNamespace, namespaceOf, PutNamespace } from "../schemas.ts";
import { findNamespace, mustHaveCluster, putNamespace as putRow } from "../store.ts";
import type { NamespaceRow } from "../tables.ts";

export const putNamespace = defineOperation({
  action: "clusters.namespace.put",
  effect: "write",
  scope: "clusters:admin",
  summary: "Give a namespace of a cluster to a project: those who are held to the project reach it",
  input: PutNamespace,
  output: ClusterNamespace,
  raises: ["not_found", "conflict", "forbidden"],
  resource: ({ id, namespace }) => `cluster:${id}/namespace/${namespace}`,
  async run(ctx, { id, namespace, projectId }) {
    await mustFindWholeCluster(ctx, id);
    await mustFindProject(ctx, projectId);
    const before = await findNamespace(ctx.db, ctx.tenantId, id, namespace);
    const row: NamespaceRow = {
      tenantId: ctx.tenantId,
      clusterId: id,
      namespace,
      projectId,
      createdBy: actorName(ctx.actor),
      createdAt: ctx.now,
      writeId: ctx.newId("wr"),
    };
    const after = namespaceOf(row);
    await ctx.write(
      {
        entity: `cluster:${id}/namespace/${namespace}`,
        ...(before ? { before: namespaceOf(before) } : {}),
        after,
        projectId,
      },
      (q) => [mustHaveCluster(q, ctx.tenantId, id), ...putRow(q, row, before)],
    );
    return after;
  },
});

import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { mustFindWholeCluster } from "../find-whole-cluster.ts";
import { ClusterNamespace, NamespaceRef, namespaceOf } from "../schemas.ts";
import { findNamespace, removeNamespace } from "../store.ts";

export const deleteNamespace = defineOperation({
  action: "clusters.namespace.delete",
  effect: "write",
  scope: "clusters:admin",
  summary: "Take a namespace away from its project; the namespace itself is left as it is",
  input: NamespaceRef,
  output: ClusterNamespace,
  raises: ["not_found", "conflict", "forbidden"],
  resource: ({ id, namespace }) => `cluster:${id}/namespace/${namespace}`,
  async run(ctx, { id, namespace }) {
    await mustFindWholeCluster(ctx, id);
    const row = await findNamespace(ctx.db, ctx.tenantId, id, namespace);
    if (row === undefined)
      throw problem(
        "not_found",
        "clusters.namespace_unknown",
        `The namespace ${namespace} belongs to no project.`,
      );
    const before = namespaceOf(row);
    await ctx.write(
      { entity: `cluster:${id}/namespace/${namespace}`, before, projectId: row.projectId },
      (q) => removeNamespace(q, row),
    );
    return before;
  },
});

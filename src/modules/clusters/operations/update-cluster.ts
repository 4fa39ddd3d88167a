import { orNameTaken } from "../../../kernel/name-taken.ts";
import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { mustFindWholeCluster } from "../find-whole-cluster.ts";
import { Cluster, clusterOf, UpdateCluster } from "../schemas.ts";
import { replaceCluster } from "../store.ts";
import type { ClusterRow } from "../tables.ts";

export const updateCluster = defineOperation({
  action: "clusters.cluster.update",
  effect: "write",
  scope: "clusters:admin",
  summary: "Change a cluster's name, description or the namespaces that may be used",
  input: UpdateCluster,
  output: Cluster,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ id }) => `cluster:${id}`,
  version: (cluster) => cluster.version,
  async run(ctx, { id, name, description, namespaces }) {
    const before = await mustFindWholeCluster(ctx, id);
    expectVersion(ctx, before.version);
    const row: ClusterRow = {
      ...before,
      name: name ?? before.name,
      description: description ?? before.description,
      namespaces: namespaces === undefined ? before.namespaces : namespaces,
      updatedAt: ctx.now,
      version: before.version + 1,
      writeId: ctx.newId("wr"),
    };
    const after = clusterOf(row);
    await orNameTaken(
      ctx.write({ entity: `cluster:${id}`, before: clusterOf(before), after }, (q) =>
        replaceCluster(q, row, before.version),
      ),
      { code: "clusters.name_taken", noun: "cluster", name: row.name, pointer: "/name" },
    );
    return after;
  },
});

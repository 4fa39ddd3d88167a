import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { mustFindWholeCluster } from "../find-whole-cluster.ts";
import { Cluster, ClusterRef, clusterOf } from "../schemas.ts";
import { deleteClusterRows } from "../store.ts";
import { clusterChanged, tellRelay } from "../tell-relay.ts";

export const deleteCluster = defineOperation({
  action: "clusters.cluster.delete",
  effect: "write",
  scope: "clusters:admin",
  summary:
    "Remove a cluster from Maru with its agents, keys, calls and inventory; the cluster itself is left as it is",
  input: ClusterRef,
  output: Cluster,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ id }) => `cluster:${id}`,
  version: (cluster) => cluster.version,
  async run(ctx, { id }) {
    const row = await mustFindWholeCluster(ctx, id);
    expectVersion(ctx, row.version);
    const before = clusterOf(row);
    await ctx.write(
      { entity: `cluster:${id}`, before },
      (q) => deleteClusterRows(q, row),
      clusterChanged(id),
    );
    await tellRelay(ctx, id);
    return before;
  },
});

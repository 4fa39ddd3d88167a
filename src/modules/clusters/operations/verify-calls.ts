import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindWholeCluster } from "../find-whole-cluster.ts";
import { CallLogCheck, ClusterRef } from "../schemas.ts";

export const verifyCalls = defineOperation({
  action: "clusters.call.verify",
  effect: "read",
  scope: "clusters:read",
  summary: "Check that nothing in a cluster's log of calls was changed since it was written",
  input: ClusterRef,
  output: CallLogCheck,
  raises: ["not_found", "forbidden"],
  resource: ({ id }) => `cluster:${id}`,
  async run(ctx, { id }) {
    await mustFindWholeCluster(ctx, id);
    const check = await ctx.ports.relays.verifyLog(ctx.tenantId, id);
    return { clusterId: id, intact: check.brokenAt === null, ...check };
  },
});

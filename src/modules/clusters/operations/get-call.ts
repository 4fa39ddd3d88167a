import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { mustFindWholeCluster } from "../find-whole-cluster.ts";
import { CallRef, ClusterCall, callOf } from "../schemas.ts";

export const getCall = defineOperation({
  action: "clusters.call.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Read what became of a command to a cluster",
  input: CallRef,
  output: ClusterCall,
  raises: ["not_found", "forbidden"],
  resource: ({ id, commandId }) => `cluster:${id}/call/${commandId}`,
  async run(ctx, { id, commandId }) {
    await mustFindWholeCluster(ctx, id);
    const [call] = await ctx.ports.relays.calls(ctx.tenantId, id, { limit: 1, commandId });
    if (call === undefined)
      throw problem(
        "not_found",
        "clusters.call_unknown",
        `The log of this cluster has no command ${commandId}.`,
      );
    return callOf(id, call);
  },
});

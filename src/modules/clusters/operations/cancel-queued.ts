import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { mustFindWholeCluster } from "../find-whole-cluster.ts";
import { CallRef, ClusterQueuedCommand, queuedOf } from "../schemas.ts";

export const cancelQueued = defineOperation({
  action: "clusters.queue.cancel",
  effect: "write",
  scope: "clusters:write",
  summary: "Take a command out of the queue before an agent comes; one that was sent stays",
  input: CallRef,
  output: ClusterQueuedCommand,
  raises: ["not_found", "conflict", "forbidden"],
  resource: ({ id, commandId }) => `cluster:${id}/queue/${commandId}`,
  async run(ctx, { id, commandId }) {
    await mustFindWholeCluster(ctx, id);
    const found = await ctx.ports.relays.cancelQueued(ctx.tenantId, id, commandId);
    if (found === null)
      throw problem(
        "not_found",
        "clusters.queued_unknown",
        `No command ${commandId} waits for this cluster.`,
      );
    if (found.state !== "cancelled") {
      const detail = `The command is ${found.state} already and can't be taken back.`;
      throw problem("conflict", "clusters.not_waiting", detail, { data: { state: found.state } });
    }
    const after = queuedOf(id, found);
    await ctx.write({ entity: `cluster:${id}/queue/${commandId}`, after }, () => []);
    return after;
  },
});

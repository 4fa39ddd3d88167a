import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, pageOf, toPage } from "../../../kernel/page.ts";
import { mustFindWholeCluster } from "../find-whole-cluster.ts";
import { CallQuery, ClusterQueuedCommand, queuedOf } from "../schemas.ts";

export const listQueue = defineOperation({
  action: "clusters.queue.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List commands that wait for an agent, or waited in the last week, in the order of asking",
  input: CallQuery,
  output: pageOf(ClusterQueuedCommand),
  raises: ["not_found", "forbidden"],
  resource: ({ id }) => `cluster:${id}`,
  async run(ctx, { id, limit, cursor }) {
    await mustFindWholeCluster(ctx, id);
    const after = decodeCursor(cursor)?.id;
    const rows = await ctx.ports.relays.queue(ctx.tenantId, id, { after, limit: limit + 1 });
    return toPage(
      rows,
      limit,
      ({ at, commandId }) => ({ at: new Date(at), id: commandId }),
      (row) => queuedOf(id, row),
    );
  },
});

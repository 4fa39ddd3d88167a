import { defineOperation } from "../../../kernel/operation.ts";
import { decodeNumberCursor, numberPlace, pageOf, toPage } from "../../../kernel/page.ts";
import { mustFindWholeCluster } from "../find-whole-cluster.ts";
import { CallQuery, ClusterCall, callOf } from "../schemas.ts";

export const listCalls = defineOperation({
  action: "clusters.call.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List what was asked of a cluster, by whom and with which outcome, the latest first",
  input: CallQuery,
  output: pageOf(ClusterCall),
  raises: ["not_found", "forbidden"],
  resource: ({ id }) => `cluster:${id}`,
  async run(ctx, { id, limit, cursor }) {
    await mustFindWholeCluster(ctx, id);
    const list = `calls ${id}`;
    const before = decodeNumberCursor(cursor, list);
    const rows = await ctx.ports.relays.calls(ctx.tenantId, id, { before, limit: limit + 1 });
    return toPage(
      rows,
      limit,
      ({ seq }) => numberPlace(list, seq),
      (row) => callOf(id, row),
    );
  },
});

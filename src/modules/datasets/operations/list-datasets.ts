import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, toPage } from "../../../kernel/page.ts";
import { DatasetPage, ListDatasets } from "../schemas.ts";
import { listDatasets as listRows } from "../store.ts";
import { datasetOf } from "../wire.ts";

export const listDatasets = defineOperation({
  action: "datasets.dataset.list",
  effect: "read",
  scope: "registry:read",
  summary: "List data sets, newest first",
  input: ListDatasets,
  output: DatasetPage,
  raises: [],
  async run(ctx, { limit, cursor, ...filter }) {
    const within = ctx.actor.projectIds;
    const rows = await listRows(ctx.db, ctx.tenantId, { ...filter, within }, decodeCursor(cursor), limit + 1);
    return toPage(rows, limit, (row) => ({ at: row.createdAt, id: row.id }), datasetOf);
  },
});

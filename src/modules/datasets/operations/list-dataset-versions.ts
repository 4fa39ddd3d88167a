import { defineOperation } from "../../../kernel/operation.ts";
import { decodeNumberCursor, numberPlace, toPage } from "../../../kernel/page.ts";
import { mustFindDataset } from "../find-dataset.ts";
import { DatasetVersionPage, ListDatasetVersions } from "../schemas.ts";
import { listDatasetVersions as listRows } from "../store.ts";
import { datasetVersionOf } from "../wire.ts";

export const listDatasetVersions = defineOperation({
  action: "datasets.version.list",
  effect: "read",
  scope: "registry:read",
  summary: "List the versions of a data set, newest first",
  input: ListDatasetVersions,
  output: DatasetVersionPage,
  raises: ["not_found"],
  resource: ({ id }) => `dataset:${id}`,
  async run(ctx, { id, limit, cursor }) {
    const dataset = await mustFindDataset(ctx, { id });
    const page = { before: decodeNumberCursor(cursor, dataset.id), limit: limit + 1 };
    const rows = await listRows(ctx.db, ctx.tenantId, dataset.id, page);
    return toPage(rows, limit, (row) => numberPlace(dataset.id, row.version), datasetVersionOf);
  },
});

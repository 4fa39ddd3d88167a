import * as z from "zod";
import type { Ctx } from "../../../kernel/context.ts";
import { defineOperation, type StreamBody } from "../../../kernel/operation.ts";
import { casesOf, openObject } from "../dataset-cases.ts";
import { caseColumns, caseRow } from "../export/case-row.rules.ts";
import { toCsv } from "../export/to-csv.ts";
import { mustFindDataset, mustFindVersion } from "../find-dataset.ts";
import { DownloadDatasetVersion } from "../schemas.ts";
import type { DatasetVersionRow } from "../tables.ts";
import { uploadKeys } from "../upload-keys.ts";

export const downloadDatasetVersion = defineOperation({
  action: "datasets.version.download",
  effect: "read",
  scope: "registry:read",
  summary: "Download the cases of a version; CSV is guarded against formulas",
  input: DownloadDatasetVersion,
  output: z.custom<StreamBody>(),
  raises: ["not_found", "unavailable"],
  gives: ["application/x-ndjson", "text/csv"],
  resource: ({ id, version }) => `dataset:${id}@${version}`,
  async run(ctx, { id, version, format, byteOrderMark }) {
    const row = await mustFindVersion(ctx, await mustFindDataset(ctx, { id }), version);
    const fileName = `${row.datasetId}-v${row.version}.${format}`;
    if (format === "jsonl") {
      const stream = await openObject(ctx, uploadKeys(row).cases);
      return { stream, contentType: "application/x-ndjson", fileName };
    }
    const stream = toCsv(caseColumns, rowsOf(ctx, row), { byteOrderMark });
    return { stream, contentType: "text/csv; charset=utf-8", fileName };
  },
});

async function* rowsOf(ctx: Ctx, version: DatasetVersionRow) {
  for await (const evaluationCase of casesOf(ctx, version, 0, version.recordCount))
    yield caseRow(evaluationCase);
}

import { defineOperation } from "../../../kernel/operation.ts";
import { moveDataset } from "../datasets.rules.ts";
import { Dataset, DatasetRef } from "../schemas.ts";
import { changeDataset } from "./change-dataset.ts";

export const archiveDataset = defineOperation({
  action: "datasets.dataset.archive",
  effect: "write",
  scope: "registry:write",
  summary: "Archive a data set: it stays readable and starts no new work",
  input: DatasetRef,
  output: Dataset,
  raises: ["not_found", "conflict", "precondition_failed", "forbidden"],
  resource: ({ id }) => `dataset:${id}`,
  version: (dataset) => dataset.version,
  run: (ctx, { id }) => changeDataset(ctx, id, (dataset) => moveDataset(dataset, "archived", ctx.now)),
});

import { defineOperation } from "../../../kernel/operation.ts";
import { moveDataset } from "../datasets.rules.ts";
import { Dataset, DatasetRef } from "../schemas.ts";
import { changeDataset } from "./change-dataset.ts";

export const deprecateDataset = defineOperation({
  action: "datasets.dataset.deprecate",
  effect: "write",
  scope: "registry:write",
  summary: "Mark a data set as not to be used for new work",
  input: DatasetRef,
  output: Dataset,
  raises: ["not_found", "conflict", "precondition_failed", "forbidden"],
  resource: ({ id }) => `dataset:${id}`,
  version: (dataset) => dataset.version,
  run: (ctx, { id }) => changeDataset(ctx, id, (dataset) => moveDataset(dataset, "deprecated", ctx.now)),
});

import { defineOperation } from "../../../kernel/operation.ts";
import { moveDataset } from "../datasets.rules.ts";
import { Dataset, DatasetRef } from "../schemas.ts";
import { changeDataset } from "./change-dataset.ts";

export const activateDataset = defineOperation({
  action: "datasets.dataset.activate",
  effect: "write",
  scope: "registry:write",
  summary: "Take a deprecated or archived data set back into use",
  input: DatasetRef,
  output: Dataset,
  raises: ["not_found", "conflict", "precondition_failed", "forbidden"],
  resource: ({ id }) => `dataset:${id}`,
  version: (dataset) => dataset.version,
  run: (ctx, { id }) => changeDataset(ctx, id, (dataset) => moveDataset(dataset, "active", ctx.now)),
});

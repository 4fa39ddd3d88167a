import { defineOperation } from "../../../kernel/operation.ts";
import { editDataset } from "../datasets.rules.ts";
import { Dataset, UpdateDataset } from "../schemas.ts";
import { changeDataset } from "./change-dataset.ts";

export const updateDataset = defineOperation({
  action: "datasets.dataset.update",
  effect: "write",
  scope: "registry:write",
  summary: "Rename or describe a data set",
  input: UpdateDataset,
  output: Dataset,
  raises: ["not_found", "conflict", "precondition_failed", "forbidden"],
  resource: ({ id }) => `dataset:${id}`,
  version: (dataset) => dataset.version,
  run: (ctx, { id, ...edit }) => changeDataset(ctx, id, (dataset) => editDataset(dataset, edit, ctx.now)),
});

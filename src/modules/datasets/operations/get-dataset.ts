import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindDataset } from "../find-dataset.ts";
import { Dataset, DatasetRef } from "../schemas.ts";
import { datasetOf } from "../wire.ts";

export const getDataset = defineOperation({
  action: "datasets.dataset.get",
  effect: "read",
  scope: "registry:read",
  summary: "Read a data set",
  input: DatasetRef,
  output: Dataset,
  raises: ["not_found"],
  resource: ({ id }) => `dataset:${id}`,
  version: (dataset) => dataset.version,
  run: async (ctx, { id }) => datasetOf(await mustFindDataset(ctx, { id })),
});

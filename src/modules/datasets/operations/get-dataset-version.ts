import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindDataset, mustFindVersion, reportOf } from "../find-dataset.ts";
import { DatasetVersionDetail, DatasetVersionRef } from "../schemas.ts";
import { datasetVersionOf } from "../wire.ts";

export const getDatasetVersion = defineOperation({
  action: "datasets.version.get",
  effect: "read",
  scope: "registry:read",
  summary: "Read a version and the report of its import",
  input: DatasetVersionRef,
  output: DatasetVersionDetail,
  raises: ["not_found", "unavailable"],
  resource: ({ id, version }) => `dataset:${id}@${version}`,
  async run(ctx, ref) {
    const version = await mustFindVersion(ctx, await mustFindDataset(ctx, { id: ref.id }), ref.version);
    return { ...datasetVersionOf(version), report: await reportOf(ctx, version) };
  },
});

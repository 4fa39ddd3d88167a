import { actorName } from "../../../kernel/actor-name.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { mustFindProject } from "../../access/index.ts";
import { commitUpload } from "../commit-upload.ts";
import { datasetFile } from "../file-input.ts";
import { mustFindDataset, reportOf } from "../find-dataset.ts";
import { repeatedUpload } from "../repeated-upload.ts";
import { CreateDataset, UploadedDataset } from "../schemas.ts";
import { findDataset, insertDataset, insertDatasetVersion } from "../store.ts";
import { discardUpload, storeUpload } from "../store-upload.ts";
import type { DatasetRow, DatasetVersionRow } from "../tables.ts";
import { uploadKeys } from "../upload-keys.ts";
import { versionRow } from "../upload-version.ts";
import { datasetOf, datasetVersionOf } from "../wire.ts";

export const createDataset = defineOperation({
  action: "datasets.dataset.create",
  effect: "write",
  scope: "registry:write",
  summary: "Upload a data set: its first version",
  input: CreateDataset,
  output: UploadedDataset,
  raises: ["malformed_request", "not_found", "conflict", "forbidden", "too_large", "unsupported_media"],
  takes: datasetFile,
  idempotency: "own",
  version: (dataset) => dataset.version,
  async run(ctx, { name, description, projectId = null, ...choices }) {
    mustChangeWithin(ctx.actor, projectId);
    if (projectId !== null) await mustFindProject(ctx, projectId);
    const repeated = await repeatedUpload(ctx);
    if (repeated) return answerAgain(ctx, repeated);
    await mustBeFree(ctx, name);
    const at = { datasetId: ctx.newId("ds"), uploadId: ctx.newId("up"), version: 1 };
    const upload = await storeUpload(ctx, uploadKeys({ ...at, tenantId: ctx.tenantId }), choices);
    const version = await versionRow(ctx, at, choices, upload);
    const dataset: DatasetRow = {
      id: at.datasetId,
      tenantId: ctx.tenantId,
      projectId,
      name,
      description,
      status: "active",
      latestVersion: 1,
      createdBy: actorName(ctx.actor),
      createdAt: ctx.now,
      updatedAt: ctx.now,
      version: 1,
      writeId: ctx.newId("wr"),
    };
    const done = await commitUpload(
      ctx,
      version,
      {
        entity: `dataset:${dataset.id}`,
        after: { ...datasetOf(dataset), upload: datasetVersionOf(version) },
        ...(projectId === null ? {} : { projectId }),
      },
      (q) => [insertDataset(q, dataset), insertDatasetVersion(q, version)],
    );
    if (done.outcome === "overtaken") return answerAgain(ctx, done.by);
    if (done.outcome === "lost") {
      await discardUpload(ctx, uploadKeys(version));
      await mustBeFree(ctx, name);
      throw done.error;
    }
    return uploaded(dataset, version, upload.report);
  },
});

function uploaded(dataset: DatasetRow, version: DatasetVersionRow, report: UploadedDataset["report"]) {
  const { sha256, recordCount, bytes } = version;
  return { ...datasetOf(dataset), sha256, recordCount, bytes, report };
}

async function answerAgain(ctx: Ctx, version: DatasetVersionRow) {
  const dataset = await mustFindDataset(ctx, { id: version.datasetId });
  return uploaded(dataset, version, await reportOf(ctx, version));
}

async function mustBeFree(ctx: Ctx, name: string): Promise<void> {
  if (!(await findDataset(ctx.db, ctx.tenantId, { name }))) return;
  throw problem("conflict", "datasets.name_taken", `There is already a data set named "${name}".`, {
    errors: [
      { pointer: "/query/name", code: "taken", message: "Add a version to it, or take another name." },
    ],
  });
}

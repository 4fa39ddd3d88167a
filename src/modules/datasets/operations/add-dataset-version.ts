import type { Ctx } from "../../../kernel/context.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { commitUpload } from "../commit-upload.ts";
import { mustTakeVersions } from "../datasets.rules.ts";
import { datasetFile } from "../file-input.ts";
import { mustFindDataset, mustFindVersion, reportOf } from "../find-dataset.ts";
import { repeatedUpload } from "../repeated-upload.ts";
import { AddDatasetVersion, UploadedDatasetVersion } from "../schemas.ts";
import { insertDatasetVersion, replaceDataset } from "../store.ts";
import { discardUpload, type StoredUpload, storeUpload } from "../store-upload.ts";
import type { DatasetVersionRow } from "../tables.ts";
import { uploadKeys } from "../upload-keys.ts";
import { isSameUpload, versionRow } from "../upload-version.ts";
import { datasetVersionOf } from "../wire.ts";

const tries = 5;

export const addDatasetVersion = defineOperation({
  action: "datasets.version.create",
  effect: "write",
  scope: "registry:write",
  summary: "Upload a version; the file of the latest version again answers that version",
  input: AddDatasetVersion,
  output: UploadedDatasetVersion,
  raises: ["not_found", "malformed_request", "conflict", "forbidden", "too_large", "unsupported_media"],
  takes: datasetFile,
  idempotency: "own",
  resource: ({ id }) => `dataset:${id}`,
  async run(ctx, { id, ...choices }) {
    await mustTakeFile(ctx, id);
    const repeated = await repeatedUpload(ctx);
    if (repeated) return answerAgain(ctx, repeated, true);
    const at = { datasetId: id, uploadId: ctx.newId("up"), version: 0 };
    const upload = await storeUpload(ctx, uploadKeys({ ...at, tenantId: ctx.tenantId }), choices);
    return addNext(ctx, await versionRow(ctx, at, choices, upload), upload);
  },
});

async function mustTakeFile(ctx: Ctx, id: string) {
  const dataset = await mustFindDataset(ctx, { id });
  mustChangeWithin(ctx.actor, dataset.projectId);
  mustTakeVersions(dataset);
  return dataset;
}

/** Gives the upload the next number. The data set may have changed while the file came, so it is read anew each try. */
async function addNext(ctx: Ctx, upload: DatasetVersionRow, { report }: StoredUpload) {
  for (let attempt = 1; attempt <= tries; attempt++) {
    const next = await nextVersion(ctx, upload);
    if ("same" in next) return answerAgain(ctx, next.same, false);
    const { dataset, version } = next;
    const changed = {
      ...dataset,
      latestVersion: version.version,
      updatedAt: ctx.now,
      version: dataset.version + 1,
      writeId: ctx.newId("wr"),
    };
    const done = await commitUpload(
      ctx,
      version,
      {
        entity: `dataset:${dataset.id}@${version.version}`,
        after: datasetVersionOf(version),
        ...(dataset.projectId === null ? {} : { projectId: dataset.projectId }),
      },
      (q) => [...replaceDataset(q, changed, dataset.version), insertDatasetVersion(q, version)],
    );
    if (done.outcome === "committed") return { ...datasetVersionOf(version), report, added: true };
    if (done.outcome === "overtaken") return answerAgain(ctx, done.by, true);
  }
  await discardUpload(ctx, uploadKeys(upload));
  throw problem("conflict", "write.lost_race", "Others change this data set all the time. Retry.");
}

async function nextVersion(ctx: Ctx, upload: DatasetVersionRow) {
  try {
    const dataset = await mustTakeFile(ctx, upload.datasetId);
    const latest = await mustFindVersion(ctx, dataset, "latest");
    if (!isSameUpload(latest, upload)) {
      return { dataset, version: { ...upload, version: dataset.latestVersion + 1 } };
    }
    await discardUpload(ctx, uploadKeys(upload));
    return { same: latest };
  } catch (error) {
    await discardUpload(ctx, uploadKeys(upload));
    throw error;
  }
}

async function answerAgain(ctx: Ctx, version: DatasetVersionRow, added: boolean) {
  return { ...datasetVersionOf(version), report: await reportOf(ctx, version), added };
}

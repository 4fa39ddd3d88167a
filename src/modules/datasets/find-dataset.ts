import type { EvaluationCase } from "../../../contracts/evaluation-case.ts";
import type { Ctx } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import { reaches } from "../../kernel/project-reach.ts";
import { parseVersionRef } from "../../kernel/registry-name.ts";
import { casesOf, openObject } from "./dataset-cases.ts";
import { ImportReport } from "./formats/import-report.ts";
import { findDataset, findDatasetVersion } from "./store.ts";
import type { DatasetRow, DatasetVersionRow } from "./tables.ts";
import { uploadKeys } from "./upload-keys.ts";

/** The data set of an id or a name. @throws not_found `datasets.unknown` */
export async function mustFindDataset(ctx: Ctx, by: { id: string } | { name: string }): Promise<DatasetRow> {
  const row = await findDataset(ctx.db, ctx.tenantId, by);
  if (row && reaches(ctx.actor, row.projectId)) return row;
  throw problem(
    "not_found",
    "datasets.unknown",
    `There is no data set ${"id" in by ? by.id : `"${by.name}"`}.`,
  );
}

/** One version of a data set that was found. @throws not_found `datasets.version_unknown` */
export async function mustFindVersion(
  ctx: Ctx,
  dataset: DatasetRow,
  version: number | "latest",
): Promise<DatasetVersionRow> {
  const number = version === "latest" ? dataset.latestVersion : version;
  const row = await findDatasetVersion(ctx.db, ctx.tenantId, dataset.id, number);
  if (row) return row;
  throw problem(
    "not_found",
    "datasets.version_unknown",
    `Data set "${dataset.name}" has no version ${number}.`,
  );
}

/**
 * The version that a reference means: `id`, `id@version`, `name` or `name@version`; without a version the latest. It
 * says nothing about whether the data set may be used: `mustBeUsable` does.
 * @throws not_found `datasets.unknown` / `datasets.version_unknown`
 */
export async function mustFindDatasetVersion(
  ctx: Ctx,
  ref: string,
): Promise<{ readonly dataset: DatasetRow; readonly version: DatasetVersionRow }> {
  const parsed = parseVersionRef("ds", ref);
  if (!parsed) throw problem("not_found", "datasets.unknown", `"${ref}" names no data set.`);
  const by = parsed.id === undefined ? { name: parsed.name ?? "" } : { id: parsed.id };
  const dataset = await mustFindDataset(ctx, by);
  return { dataset, version: await mustFindVersion(ctx, dataset, parsed.version ?? "latest") };
}

/**
 * The cases `from` ≤ n < `to` of a version, in the order of the file, for workers: one select, one read of the index
 * and one ranged read of the cases, streamed.
 * @throws not_found `datasets.unknown` / `datasets.version_unknown`, unavailable `datasets.object_missing`
 */
export async function* readCases(
  ctx: Ctx,
  part: { readonly datasetId: string; readonly version: number; readonly from: number; readonly to: number },
): AsyncGenerator<EvaluationCase> {
  const row = await findDatasetVersion(ctx.db, ctx.tenantId, part.datasetId, part.version);
  if (!row) {
    throw problem(
      "not_found",
      "datasets.version_unknown",
      `There is no version ${part.version} of data set ${part.datasetId}.`,
    );
  }
  yield* casesOf(ctx, row, part.from, part.to);
}

/** A reader of one version that was found: how many cases it has, and any part of them. */
export function datasetReader(ctx: Ctx, version: DatasetVersionRow) {
  return {
    recordCount: version.recordCount,
    read: (from = 0, to = version.recordCount) => casesOf(ctx, version, from, to),
  };
}

/** What the import of a version had to tell. */
export async function reportOf(ctx: Ctx, version: DatasetVersionRow): Promise<ImportReport> {
  const body = await openObject(ctx, uploadKeys(version).report);
  return ImportReport.parse(await new Response(body).json());
}

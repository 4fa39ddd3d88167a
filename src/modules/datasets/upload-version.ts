import { actorName } from "../../kernel/actor-name.ts";
import type { Ctx } from "../../kernel/context.ts";
import { sha256Json } from "../../kernel/hash.ts";
import { canonicalJson } from "../../kernel/json.ts";
import type { ImportChoices, ReadingChoices } from "./schemas.ts";
import type { StoredUpload } from "./store-upload.ts";
import type { DatasetVersionRow } from "./tables.ts";

/** What was asked of an import, as it is kept with the version. */
export function importChoices({ format, encoding, sheet, mapping = {} }: ReadingChoices): ImportChoices {
  return { format, encoding, mapping, ...(sheet === undefined ? {} : { sheet }) };
}

/** The name under which a request's `Idempotency-Key` is kept with the version it made; null without one. */
export async function requestKeyOf(ctx: Ctx): Promise<string | null> {
  if (!ctx.idempotency) return null;
  return sha256Json([ctx.action, actorName(ctx.actor), ctx.idempotency.key]);
}

/** The hash of everything that came with a request: its fields and its file. */
export async function requestHashOf(ctx: Ctx, fileSha256: string): Promise<string | null> {
  if (!ctx.idempotency) return null;
  return sha256Json([ctx.idempotency.bodyHash, fileSha256]);
}

/** The row of an uploaded version. */
export async function versionRow(
  ctx: Ctx,
  at: { datasetId: string; uploadId: string; version: number },
  choices: ReadingChoices,
  { report, casesBytes }: StoredUpload,
): Promise<DatasetVersionRow> {
  return {
    ...at,
    tenantId: ctx.tenantId,
    format: report.format,
    container: report.container,
    encoding: report.encoding,
    fileName: choices.fileName ?? null,
    choices: importChoices(choices),
    sha256: report.contentSha256,
    bytes: report.bytes,
    casesBytes,
    recordCount: report.recordCount,
    rowsWarned: report.rows.warned,
    rowsRejected: report.rows.rejected,
    requestKey: await requestKeyOf(ctx),
    requestHash: await requestHashOf(ctx, report.contentSha256),
    createdBy: actorName(ctx.actor),
    createdAt: ctx.now,
  };
}

/** Whether two versions come of the same file read in the same way. */
export function isSameUpload(a: DatasetVersionRow, b: DatasetVersionRow): boolean {
  return a.sha256 === b.sha256 && canonicalJson(a.choices) === canonicalJson(b.choices);
}

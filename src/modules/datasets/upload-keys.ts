import { tenantKey } from "../../kernel/ports/blob.ts";
import type { DatasetVersionRow } from "./tables.ts";

/** The objects of one upload: the file as it came, its cases as JSON lines, their index, and the report. */
export interface UploadKeys {
  readonly source: string;
  readonly cases: string;
  readonly index: string;
  readonly report: string;
}

export function uploadKeys(row: Pick<DatasetVersionRow, "tenantId" | "datasetId" | "uploadId">): UploadKeys {
  const key = (name: string) => tenantKey(row.tenantId, "datasets", row.datasetId, row.uploadId, name);
  return {
    source: key("source"),
    cases: key("cases.jsonl"),
    index: key("index"),
    report: key("report.json"),
  };
}

/** The prefix of a tenant's uploads, and the upload that an object belongs to. */
export const uploadsOf = (tenantId: string): string => `${tenantKey(tenantId, "datasets")}/`;
export const uploadIdOf = (key: string): string => key.split("/").at(-2) ?? "";

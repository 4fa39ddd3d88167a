import type { Dataset, DatasetVersion } from "./schemas.ts";
import type { DatasetRow, DatasetVersionRow } from "./tables.ts";

/** A data set as it goes over the wire. */
export function datasetOf(row: DatasetRow): Dataset {
  const { tenantId: _, writeId: __, createdAt, updatedAt, ...rest } = row;
  return { ...rest, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

/** A version as it goes over the wire. */
export function datasetVersionOf(row: DatasetVersionRow): DatasetVersion {
  return {
    datasetId: row.datasetId,
    version: row.version,
    format: row.format,
    container: row.container,
    encoding: row.encoding,
    fileName: row.fileName,
    sha256: row.sha256,
    bytes: row.bytes,
    recordCount: row.recordCount,
    rowsWarned: row.rowsWarned,
    rowsRejected: row.rowsRejected,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
  };
}

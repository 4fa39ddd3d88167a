import { defineTables } from "../../db/define-tables.ts";
import type { ImportChoices } from "./schemas.ts";

export const datasetTables = defineTables((k) => ({
  datasets: k.table(
    "datasets",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      projectId: k.text("project_id"),
      name: k.text("name").notNull(),
      description: k.text("description").notNull(),
      status: k.oneOf("status", ["active", "deprecated", "archived"]).notNull(),
      latestVersion: k.int("latest_version").notNull(),
      createdBy: k.text("created_by").notNull(),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
      version: k.int("version").notNull(),
      writeId: k.text("write_id").notNull(),
    },
    (t) => [
      k.unique("datasets_name").on(t.tenantId, t.name),
      k.index("datasets_created").on(t.tenantId, t.createdAt, t.id),
    ],
  ),
  datasetVersions: k.table(
    "dataset_versions",
    {
      tenantId: k.text("tenant_id").notNull(),
      datasetId: k.text("dataset_id").notNull(),
      version: k.int("version").notNull(),
      /** Names the version's objects in the blob store. */
      uploadId: k.text("upload_id").notNull(),
      format: k.text("format").notNull(),
      container: k.text("container").notNull(),
      encoding: k.text("encoding").notNull(),
      fileName: k.text("file_name"),
      choices: k.json<ImportChoices>("choices").notNull(),
      sha256: k.text("sha256").notNull(),
      bytes: k.int("bytes").notNull(),
      casesBytes: k.int("cases_bytes").notNull(),
      recordCount: k.int("record_count").notNull(),
      rowsRejected: k.int("rows_rejected").notNull(),
      rowsWarned: k.int("rows_warned").notNull(),
      requestKey: k.text("request_key"),
      requestHash: k.text("request_hash"),
      createdBy: k.text("created_by").notNull(),
      createdAt: k.time("created_at").notNull(),
    },
    (t) => [
      k.key({ columns: [t.datasetId, t.version] }),
      k.unique("dataset_versions_upload").on(t.tenantId, t.uploadId),
      k.unique("dataset_versions_request").on(t.tenantId, t.requestKey),
    ],
  ),
}));

export type DatasetRow = typeof datasetTables.sqlite.datasets.$inferSelect;
export type DatasetVersionRow = typeof datasetTables.sqlite.datasetVersions.$inferSelect;

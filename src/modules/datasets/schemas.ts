import * as z from "zod";
import { EvaluationCase } from "../../../contracts/evaluation-case.ts";
import { PageQuery, pageOf } from "../../kernel/page.ts";
import { RegistryName } from "../../kernel/registry-name.ts";
import { FormatName } from "./formats/format-name.ts";
import { EncodingName, MappableField } from "./formats/import-options.ts";
import { ImportReport } from "./formats/import-report.ts";

export const DatasetId = z.string().min(1).max(64);
export const DatasetStatus = z.enum(["active", "deprecated", "archived"]);
export type DatasetStatus = z.infer<typeof DatasetStatus>;
/** A version by its number, or `latest`. */
export const DatasetVersionNumber = z.union([
  z.literal("latest"),
  z.coerce.number().int().min(1).max(999_999_999),
]);

export const Dataset = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    projectId: z.string().nullable(),
    status: DatasetStatus,
    latestVersion: z.int(),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    version: z.int(),
  })
  .meta({ id: "Dataset" });
export type Dataset = z.infer<typeof Dataset>;

/** One immutable version. `sha256` and `bytes` are of the file as it came, `recordCount` of the cases made of it. */
export const DatasetVersion = z
  .strictObject({
    datasetId: z.string(),
    version: z.int(),
    format: z.string(),
    container: z.string(),
    encoding: z.string(),
    fileName: z.string().nullable(),
    sha256: z.string(),
    bytes: z.int(),
    recordCount: z.int(),
    rowsWarned: z.int(),
    rowsRejected: z.int(),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "DatasetVersion" });
export type DatasetVersion = z.infer<typeof DatasetVersion>;

/** A data set just made, with what its first file held. */
export const UploadedDataset = Dataset.extend({
  sha256: z.string(),
  recordCount: z.int(),
  bytes: z.int(),
  report: ImportReport,
}).meta({ id: "UploadedDataset" });
export type UploadedDataset = z.infer<typeof UploadedDataset>;

/** A version with the report of its import. */
export const DatasetVersionDetail = DatasetVersion.extend({ report: ImportReport }).meta({
  id: "DatasetVersionDetail",
});

/** A version just uploaded; `added` is false when the file was that of the latest version, which is answered instead. */
export const UploadedDatasetVersion = DatasetVersionDetail.extend({ added: z.boolean() }).meta({
  id: "UploadedDatasetVersion",
});

const Mapping = z.partialRecord(MappableField, z.string().min(1).max(512));

const mappingText = z
  .string()
  .max(10_000)
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: 'Give a JSON object such as {"input":"question"}.' });
      return z.NEVER;
    }
  })
  .pipe(Mapping)
  .optional();

/** How to read the file; the same in the query of both uploads. */
const reading = {
  format: z.enum([...FormatName.options, "auto"]).default("auto"),
  encoding: EncodingName.default("auto"),
  fileName: z.string().min(1).max(255).optional(),
  sheet: z.string().min(1).max(255).optional(),
  /** JSON text: canonical field to column name or JSON pointer. */
  mapping: mappingText,
};

/** What was asked of an import; the same file with other choices is another version. */
export const ImportChoices = z.strictObject({
  format: reading.format,
  encoding: EncodingName,
  sheet: z.string().optional(),
  mapping: Mapping,
});
export type ImportChoices = z.infer<typeof ImportChoices>;

export const CreateDataset = z.strictObject({
  name: RegistryName,
  description: z.string().max(2000).default(""),
  projectId: z.string().min(1).max(64).optional(),
  ...reading,
});
export const AddDatasetVersion = z.strictObject({ id: DatasetId, ...reading });
export type ReadingChoices = Omit<z.infer<typeof AddDatasetVersion>, "id">;

export const DatasetRef = z.strictObject({ id: DatasetId });
export const DatasetVersionRef = z.strictObject({ id: DatasetId, version: DatasetVersionNumber });
export const UpdateDataset = z.strictObject({
  id: DatasetId,
  name: RegistryName.optional(),
  description: z.string().max(2000).optional(),
});
export const ListDatasets = PageQuery.extend({
  name: z.string().min(1).max(120).optional(),
  projectId: z.string().min(1).max(64).optional(),
  status: DatasetStatus.optional(),
});
export const ListDatasetVersions = PageQuery.extend({ id: DatasetId });
export const ListDatasetCases = PageQuery.extend({ id: DatasetId, version: DatasetVersionNumber });
export const DownloadDatasetVersion = DatasetVersionRef.extend({
  format: z.enum(["jsonl", "csv"]).default("jsonl"),
  /** Begin a CSV with a byte order mark, without which Excel takes Korean for another encoding. */
  byteOrderMark: z
    .enum(["true", "false"])
    .default("false")
    .transform((text) => text === "true"),
});

export const DatasetPage = pageOf(Dataset).meta({ id: "DatasetPage" });
export const DatasetVersionPage = pageOf(DatasetVersion).meta({ id: "DatasetVersionPage" });
export const DatasetCasePage = pageOf(EvaluationCase).meta({ id: "DatasetCasePage" });

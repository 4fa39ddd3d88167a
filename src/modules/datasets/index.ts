/** What other modules may use: versions by reference, their cases in any part, and whether they may be used. */
export { mustBeUsable } from "./datasets.rules.ts";
export { csvRow } from "./export/csv-row.rules.ts";
export { datasetReader, mustFindDatasetVersion, readCases } from "./find-dataset.ts";
export { importCases } from "./formats/import-cases.ts";
export type { ImportReport } from "./formats/import-report.ts";
export { sweepUploads } from "./sweep-uploads.ts";

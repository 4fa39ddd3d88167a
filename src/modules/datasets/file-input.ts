import type { RawInput } from "../../kernel/operation.ts";

/**
 * The files that an upload takes. The operator's limit (`MARU_DATASET_MAX_BYTES`) is checked by the operation; this one
 * is only what no deployment passes.
 */
export const datasetFile: RawInput = {
  mediaTypes: [
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonlines",
    "application/json",
    "text/csv",
    "application/csv",
    "application/yaml",
    "application/x-yaml",
    "text/yaml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
    "text/plain",
  ],
  maxBytes: 4 * 1024 ** 3,
};

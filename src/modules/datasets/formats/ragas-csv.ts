import type { CaseFormat } from "./case-format.ts";
import { ragasRecord } from "./ragas-record.ts";

/** Ragas or Hugging Face rows as CSV, with lists as JSON or as Python literals in the cells. */
export const ragasCsv: CaseFormat = { name: "ragas-csv", containers: ["csv"], read: ragasRecord };

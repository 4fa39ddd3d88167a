import type { CaseFormat } from "./case-format.ts";
import { ragasRecord } from "./ragas-record.ts";

/** Ragas or Hugging Face rows, one JSON object a line. */
export const ragasJsonl: CaseFormat = { name: "ragas-jsonl", containers: ["jsonl"], read: ragasRecord };

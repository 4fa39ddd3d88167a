import type { CaseFormat } from "./case-format.ts";
import { ragasRecord } from "./ragas-record.ts";

/** Ragas or Hugging Face rows as one JSON array, or under `data` or `rows` of an object. */
export const ragasJson: CaseFormat = {
  name: "ragas-json",
  containers: ["json"],
  read: ragasRecord,
  finish: (envelope, journal) => {
    Object.assign(journal.dataset, envelope);
  },
};

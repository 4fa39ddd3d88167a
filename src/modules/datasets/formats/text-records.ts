import { csvDelimiter } from "./csv-reader.ts";
import { CsvRecords } from "./csv-records.ts";
import type { Container } from "./format-name.ts";
import type { ImportLimits } from "./import-options.ts";
import { JsonArrayReader } from "./json-array-reader.ts";
import { JsonLinesReader } from "./json-lines-reader.ts";
import type { RecordReader } from "./source-record.ts";

export interface TextRecords {
  readonly reader: RecordReader;
  /** What stands around the records; filled while they are read. */
  readonly envelope: Readonly<Record<string, unknown>>;
  readonly skippedMembers: () => readonly string[];
}

/** The reader of a text container; `head` is the beginning of the text. */
export function recordReader(container: Container, head: string, limits: ImportLimits): TextRecords {
  if (container === "json") {
    const reader = new JsonArrayReader(limits.maxRecordChars, limits.maxEnvelopeChars);
    return { reader, envelope: reader.envelope, skippedMembers: () => reader.skippedMembers };
  }
  const reader =
    container === "csv"
      ? new CsvRecords(csvDelimiter(head), limits.maxRecordChars, limits.maxColumns)
      : new JsonLinesReader(limits.maxRecordChars);
  return { reader, envelope: {}, skippedMembers: () => [] };
}

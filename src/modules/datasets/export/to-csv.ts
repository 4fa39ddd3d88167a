import { textStream } from "../../../kernel/text-stream.ts";
import type { CellValue } from "./csv-cell.rules.ts";
import { csvRow } from "./csv-row.rules.ts";

export interface CsvOptions {
  /** A UTF-8 byte order mark, without which Excel reads Korean as the system's code page. Off by default. */
  readonly byteOrderMark?: boolean;
  readonly delimiter?: "," | "\t" | ";";
}

/** Rows as a stream of CSV under a header, guarded against formula injection, one row in memory at a time. */
export function toCsv(
  header: readonly string[],
  rows: AsyncIterable<readonly CellValue[]> | Iterable<readonly CellValue[]>,
  options: CsvOptions = {},
): ReadableStream<Uint8Array> {
  async function* lines() {
    yield `${options.byteOrderMark ? "\ufeff" : ""}${csvRow(header, options.delimiter)}`;
    for await (const row of rows) yield csvRow(row, options.delimiter);
  }
  return textStream(lines());
}

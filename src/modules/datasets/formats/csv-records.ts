import { problem } from "../../../kernel/problem.ts";
import { CsvReader, type CsvRecord } from "./csv-reader.ts";
import type { RecordReader, RecordWarning, SourceItem } from "./source-record.ts";

/** Names for the columns of a header: trimmed, never empty, never twice the same. */
export function columnNames(header: readonly string[]): string[] {
  const seen = new Set<string>();
  return header.map((cell, index) => {
    const base = cell.trim() === "" ? `column_${index + 1}` : cell.trim();
    let name = base;
    for (let n = 2; seen.has(name); n++) name = `${base}_${n}`;
    seen.add(name);
    return name;
  });
}

/** One row under its header; empty cells are left out, cells beyond the header are kept under `extra_cells`. */
export function rowRecord(
  header: readonly string[],
  cells: readonly string[],
): { readonly value: Record<string, unknown>; readonly extra: number } {
  const entries: [string, unknown][] = [];
  for (const [index, name] of header.entries()) {
    const cell = cells[index] ?? "";
    if (cell !== "") entries.push([name, cell]);
  }
  const extra = cells.slice(header.length).filter((cell) => cell.trim() !== "");
  if (extra.length > 0) entries.push(["extra_cells", extra]);
  return { value: Object.fromEntries(entries), extra: extra.length };
}

const cutMessages = {
  record_too_long: "The record is longer than allowed.",
  too_many_columns: "The record has more columns than allowed.",
} as const;

/** CSV as records: the first record that isn't blank is the header. */
export class CsvRecords implements RecordReader {
  readonly #reader: CsvReader;
  #header: string[] | undefined;

  constructor(delimiter: string, maxChars: number, maxColumns: number) {
    this.#reader = new CsvReader(delimiter, maxChars, maxColumns);
  }

  push(text: string): SourceItem[] {
    return this.#reader.push(text).flatMap((record) => this.#item(record) ?? []);
  }

  end(): SourceItem[] {
    return this.#reader.end().flatMap((record) => this.#item(record) ?? []);
  }

  #item(record: CsvRecord): SourceItem | undefined {
    const { line, cells, cut } = record;
    if (cut && !this.#header) {
      throw problem(
        "invalid_input",
        "datasets.malformed_csv",
        `The header cannot be read. ${cutMessages[cut]}`,
        {
          errors: [{ pointer: "", code: cut, message: cutMessages[cut] }],
          data: { line },
        },
      );
    }
    if (cut) return { line, broken: { pointer: "", code: cut, message: cutMessages[cut] } };
    if (!this.#header) {
      this.#header = columnNames(cells);
      return undefined;
    }
    const { value, extra } = rowRecord(this.#header, cells);
    const warnings: RecordWarning[] = [];
    if (extra > 0) {
      warnings.push({
        pointer: "/extra_cells",
        code: "extra_cells",
        message: `The row has ${extra} cells beyond the header.`,
      });
    } else if (cells.length < this.#header.length) {
      const message = `The row has ${cells.length} cells, the header ${this.#header.length}.`;
      warnings.push({ pointer: "", code: "missing_cells", message });
    }
    if (record.strayQuote) {
      warnings.push({
        pointer: "",
        code: "stray_quote",
        message: "There is text after the quote that closes a cell; it was kept.",
      });
    }
    const raw = JSON.stringify(cells);
    return warnings.length > 0 ? { line, raw, value, warnings } : { line, raw, value };
  }
}

/** The names in the header of CSV that may be cut off after it. */
export function sniffHeader(head: string, delimiter: string, maxColumns: number): string[] {
  const reader = new CsvReader(delimiter, head.length + 1, maxColumns);
  const first = reader.push(`${head}\n`)[0];
  return first ? columnNames(first.cells) : [];
}

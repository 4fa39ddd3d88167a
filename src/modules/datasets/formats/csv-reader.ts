import { problem } from "../../../kernel/problem.ts";

export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
  /** Text followed the quote that closes a cell; it was kept. */
  readonly strayQuote: boolean;
  /** The record is longer or wider than allowed, and was cut. */
  readonly cut?: "record_too_long" | "too_many_columns";
}

const fieldStart = 0;
const plain = 1;
const quoted = 2;
const quoteInQuoted = 3;

/**
 * Cuts CSV (RFC 4180, with LF, CRLF or CR and any one-character delimiter) into records with the source line each
 * starts at. Own, because no library tells true line numbers across quoted line breaks and caps a record that never ends.
 */
export class CsvReader {
  readonly #delimiter: number;
  readonly #maxChars: number;
  readonly #maxColumns: number;
  #state = fieldStart;
  #afterReturn = false;
  #line = 1;
  #recordLine = 1;
  #quoteLine = 1;
  #cells: string[] = [];
  #cell = "";
  #length = 0;
  #columns = 0;
  #strayQuote = false;
  #records: CsvRecord[] = [];

  constructor(delimiter: string, maxChars: number, maxColumns: number) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#maxChars = maxChars;
    this.#maxColumns = maxColumns;
  }

  push(text: string): CsvRecord[] {
    this.#records = [];
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (this.#afterReturn) {
        this.#afterReturn = false;
        if (code === 10) {
          from = at + 1;
          if (this.#state === quoted) this.#add("\n");
          continue;
        }
      }
      const isBreak = code === 10 || code === 13;
      if (this.#state === quoted) {
        if (code === 34) {
          this.#add(text.slice(from, at));
          this.#state = quoteInQuoted;
          from = at + 1;
        } else if (isBreak) {
          this.#line += 1;
          if (code === 13) {
            this.#add(text.slice(from, at + 1));
            this.#afterReturn = true;
            from = at + 1;
          }
        }
        continue;
      }
      if (code === 34 && this.#state !== plain) {
        if (this.#state === quoteInQuoted) this.#add('"');
        else this.#quoteLine = this.#line;
        this.#state = quoted;
        from = at + 1;
        continue;
      }
      if (code === this.#delimiter || isBreak) {
        this.#add(text.slice(from, at));
        this.#endCell();
        from = at + 1;
        if (isBreak) {
          this.#line += 1;
          this.#afterReturn = code === 13;
          this.#endRecord();
        }
        continue;
      }
      if (this.#state === quoteInQuoted) this.#strayQuote = true;
      this.#state = plain;
    }
    if (from < text.length) this.#add(text.slice(from));
    return this.#records;
  }

  end(): CsvRecord[] {
    if (this.#state === quoted) {
      const message = `The quote opened at line ${this.#quoteLine} is never closed.`;
      throw problem("invalid_input", "datasets.malformed_csv", message, {
        errors: [{ pointer: "", code: "unclosed_quote", message }],
        data: { line: this.#quoteLine },
      });
    }
    this.#records = [];
    if (this.#cells.length > 0 || this.#cell !== "" || this.#state !== fieldStart) {
      this.#endCell();
      this.#endRecord();
    }
    return this.#records;
  }

  #add(piece: string): void {
    this.#length += piece.length;
    if (this.#length <= this.#maxChars) this.#cell += piece;
  }

  #endCell(): void {
    if (this.#columns < this.#maxColumns) this.#cells.push(this.#cell);
    this.#columns += 1;
    this.#cell = "";
    this.#state = fieldStart;
  }

  #endRecord(): void {
    const record = { line: this.#recordLine, cells: this.#cells, strayQuote: this.#strayQuote };
    if (this.#length > this.#maxChars) this.#records.push({ ...record, cut: "record_too_long" });
    else if (this.#columns > this.#maxColumns) this.#records.push({ ...record, cut: "too_many_columns" });
    else if (this.#cells.some((cell) => cell.trim() !== "")) this.#records.push(record);
    this.#cells = [];
    this.#length = 0;
    this.#columns = 0;
    this.#strayQuote = false;
    this.#recordLine = this.#line;
  }
}

/** The delimiter of a CSV file by its first line: the most frequent of comma, tab and semicolon outside quotes. */
export function csvDelimiter(head: string): "," | "\t" | ";" {
  const counts = { ",": 0, "\t": 0, ";": 0 };
  let inQuotes = false;
  for (const char of head) {
    if (char === '"') inQuotes = !inQuotes;
    else if (!inQuotes && (char === "\n" || char === "\r")) {
      if (counts[","] + counts["\t"] + counts[";"] > 0) break;
    } else if (!inQuotes && (char === "," || char === "\t" || char === ";")) counts[char] += 1;
  }
  if (counts["\t"] > counts[","] && counts["\t"] >= counts[";"]) return "\t";
  return counts[";"] > counts[","] ? ";" : ",";
}

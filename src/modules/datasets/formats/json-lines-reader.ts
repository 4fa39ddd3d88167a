import { jsonRecord, tooLong } from "./json-record.ts";
import type { RecordReader, SourceItem } from "./source-record.ts";

/** One JSON object a line (jsonlines.org); blank lines are skipped, a line that is too long is told and skipped. */
export class JsonLinesReader implements RecordReader {
  readonly #maxChars: number;
  #parts: string[] = [];
  #length = 0;
  #line = 1;

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  push(text: string): SourceItem[] {
    const items: SourceItem[] = [];
    let from = 0;
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", from)) {
      this.#keep(text.slice(from, at));
      this.#finish(items);
      this.#line += 1;
      from = at + 1;
    }
    this.#keep(text.slice(from));
    return items;
  }

  end(): SourceItem[] {
    const items: SourceItem[] = [];
    this.#finish(items);
    return items;
  }

  #keep(piece: string): void {
    this.#length += piece.length;
    if (this.#length <= this.#maxChars + 1) this.#parts.push(piece);
  }

  #finish(items: SourceItem[]): void {
    const raw = this.#length > this.#maxChars + 1 ? "" : this.#parts.join("").trim();
    if (raw.length > this.#maxChars || this.#length > this.#maxChars + 1) {
      items.push(tooLong(this.#line, this.#maxChars));
    } else if (raw !== "") {
      items.push(jsonRecord(raw, this.#line));
    }
    this.#parts = [];
    this.#length = 0;
  }
}

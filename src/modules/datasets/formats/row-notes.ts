import type { ImportJournal } from "./import-journal.ts";
import type { MappableField } from "./import-options.ts";

/** What a format has to say about the row it is reading. A rejected row gives no case; a warned one does. */
export class RowNotes {
  readonly line: number;
  readonly journal: ImportJournal;
  rejected = false;
  warned = false;

  constructor(line: number, journal: ImportJournal) {
    this.line = line;
    this.journal = journal;
  }

  warn(pointer: string, code: string, message: string): void {
    this.warned = true;
    this.#note(pointer, code, message, "warning");
  }

  reject(pointer: string, code: string, message: string): void {
    this.rejected = true;
    this.#note(pointer, code, message, "error");
  }

  mapped(field: MappableField, from: string): void {
    this.journal.mapped(field, from);
  }

  #note(pointer: string, code: string, message: string, severity: "warning" | "error"): void {
    this.journal.note({ line: this.line, pointer, code, message, severity });
  }
}

import { jsonPointer } from "../../../kernel/problem.ts";
import type { ImportOptions, MappableField } from "./import-options.ts";
import type { RowNotes } from "./row-notes.ts";

export interface FoundField {
  readonly value: unknown;
  readonly pointer: string;
}

function atPointer(record: Readonly<Record<string, unknown>>, pointer: string): unknown {
  let value: unknown = record;
  for (const part of pointer.slice(1).split("/")) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** The fields of one record, with a memory of which were read: what nobody read goes to `metadata.import`. */
export class RecordFields {
  readonly notes: RowNotes;
  readonly #record: Readonly<Record<string, unknown>>;
  readonly #mapping: ImportOptions["mapping"];
  readonly #read = new Set<string>();
  readonly #kept = new Set<string>();

  constructor(record: Readonly<Record<string, unknown>>, mapping: ImportOptions["mapping"], notes: RowNotes) {
    this.#record = record;
    this.#mapping = mapping;
    this.notes = notes;
  }

  /**
   * The first of `names` that is there and not null; a mapping of the caller comes before them. A column that was
   * found counts as read; a value found by pointer inside a column doesn't, so the column is kept whole as well.
   */
  take(field: MappableField, names: readonly string[]): FoundField | undefined {
    const asked = this.#mapping[field];
    if (asked !== undefined) {
      const found = asked.startsWith("/") ? this.#inside(asked) : this.plain([asked]);
      if (found) {
        this.notes.mapped(field, asked);
        return found;
      }
    }
    const found = this.plain(names);
    if (found) this.notes.mapped(field, found.name);
    return found;
  }

  /** The same for a field that no mapping can name. */
  plain(names: readonly string[]): (FoundField & { readonly name: string }) | undefined {
    for (const name of names) {
      if (this.#read.has(name) || !Object.hasOwn(this.#record, name)) continue;
      const value = this.#record[name];
      if (value === undefined || value === null) continue;
      this.#read.add(name);
      return { value, pointer: jsonPointer([name]), name };
    }
    return undefined;
  }

  /** Keeps the column a value came from among the rest as well, because not all of it could be read. */
  keepWhole(found: FoundField): void {
    const name = found.pointer.split("/")[1]?.replaceAll("~1", "/").replaceAll("~0", "~");
    if (name !== undefined) this.#kept.add(name);
  }

  /** What the caller maps a field to. */
  asked(field: MappableField): string | undefined {
    return this.#mapping[field];
  }

  /** The names of the columns of this record that are not null. */
  names(): string[] {
    return Object.keys(this.#record).filter((name) => this.has(name));
  }

  has(name: string): boolean {
    return (
      Object.hasOwn(this.#record, name) && this.#record[name] !== null && this.#record[name] !== undefined
    );
  }

  /** Every column nobody read, nulls left out. */
  rest(): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(this.#record).filter(
        ([name, value]) =>
          (!this.#read.has(name) || this.#kept.has(name)) && value !== null && value !== undefined,
      ),
    );
  }

  #inside(pointer: string): FoundField | undefined {
    const value = atPointer(this.#record, pointer);
    return value === undefined || value === null ? undefined : { value, pointer };
  }
}

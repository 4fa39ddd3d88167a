import { DueIndex } from "./due-index.ts";

/** Rows of one kind in memory, kept as text so that what comes out is private to the caller. */
export class RowTable<T extends { readonly due: number | null }> {
  readonly #rows = new Map<string, string>();
  readonly #due = new DueIndex();
  #keys: string[] | undefined;

  get(key: string): T | undefined {
    const text = this.#rows.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  put(key: string, row: T): void {
    if (!this.#rows.has(key)) this.#keys = undefined;
    this.#rows.set(key, JSON.stringify(row));
    this.#due.set(key, row.due);
  }

  delete(key: string): void {
    if (this.#rows.delete(key)) this.#keys = undefined;
    this.#due.set(key, null);
  }

  after(key: string, limit: number): T[] {
    this.#keys ??= [...this.#rows.keys()].sort();
    const from = key === "" ? 0 : this.#keys.findIndex((candidate) => candidate > key);
    return from < 0 ? [] : this.#all(this.#keys.slice(from, from + limit));
  }

  dueAt(now: number, limit: number): T[] {
    return this.#all(this.#due.upTo(now, limit));
  }

  firstDue(): number | null {
    return this.#due.first();
  }

  copy(): RowTable<T> {
    const copy = new RowTable<T>();
    for (const [key, text] of this.#rows) {
      copy.#rows.set(key, text);
      copy.#due.set(key, (JSON.parse(text) as T).due);
    }
    return copy;
  }

  #all(keys: readonly string[]): T[] {
    return keys.flatMap((key) => this.get(key) ?? []);
  }
}

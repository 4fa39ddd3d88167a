/** Keys in the order of their due times. Insertion and removal cost a binary search and a shift. */
export class DueIndex {
  readonly #entries: { readonly due: number; readonly key: string }[] = [];
  readonly #dues = new Map<string, number>();

  /** Null takes the key out. */
  set(key: string, due: number | null): void {
    const before = this.#dues.get(key);
    if (before === due) return;
    if (before !== undefined) {
      this.#entries.splice(this.#place(before, key), 1);
      this.#dues.delete(key);
    }
    if (due === null) return;
    this.#dues.set(key, due);
    this.#entries.splice(this.#place(due, key), 0, { due, key });
  }

  upTo(now: number, limit: number): string[] {
    const found: string[] = [];
    for (const { due, key } of this.#entries) {
      if (due > now || found.length === limit) break;
      found.push(key);
    }
    return found;
  }

  first(): number | null {
    return this.#entries[0]?.due ?? null;
  }

  /** Where (due, key) stands or would stand. */
  #place(due: number, key: string): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#entries[middle];
      if (entry !== undefined && (entry.due < due || (entry.due === due && entry.key < key)))
        low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

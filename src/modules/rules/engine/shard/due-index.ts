interface Entry {
  readonly due: number;
  readonly name: string;
}

/** Names by the time they are due: a binary heap whose outdated entries are passed over when they come up. */
export class DueIndex {
  private readonly current = new Map<string, number>();
  private heap: Entry[] = [];

  /** Sets when a name is due; null removes it. */
  set(name: string, due: number | null): void {
    if (due === null) {
      this.current.delete(name);
      return;
    }
    if (this.current.get(name) === due) return;
    this.current.set(name, due);
    this.push({ due, name });
    if (this.heap.length > 64 && this.heap.length > this.current.size * 4) this.rebuild();
  }

  first(): number | null {
    this.dropOutdated();
    return this.heap[0]?.due ?? null;
  }

  /** Names due at or before an instant, by (due, name); they stay. */
  upTo(at: number, limit: number): string[] {
    const found: Entry[] = [];
    const seen = new Set<string>();
    for (;;) {
      this.dropOutdated();
      const top = this.heap[0];
      if (top === undefined || top.due > at || found.length >= limit) break;
      this.pop();
      if (seen.has(top.name)) continue;
      seen.add(top.name);
      found.push(top);
    }
    for (const entry of found) this.push(entry);
    return found.map(({ name }) => name);
  }

  private dropOutdated(): void {
    for (;;) {
      const top = this.heap[0];
      if (top === undefined || this.current.get(top.name) === top.due) return;
      this.pop();
    }
  }

  private rebuild(): void {
    this.heap = [];
    for (const [name, due] of this.current) this.push({ due, name });
  }

  private push(entry: Entry): void {
    const { heap } = this;
    let i = heap.length;
    heap.push(entry);
    while (i > 0) {
      const up = (i - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || !isBefore(entry, parent)) break;
      heap[i] = parent;
      i = up;
    }
    heap[i] = entry;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let i = 0;
    for (;;) {
      const left = 2 * i + 1;
      const [a, b] = [heap[left], heap[left + 1]];
      if (a === undefined) break;
      const [child, at] = b !== undefined && isBefore(b, a) ? [b, left + 1] : [a, left];
      if (!isBefore(child, last)) break;
      heap[i] = child;
      i = at;
    }
    heap[i] = last;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.due === b.due ? a.name < b.name : a.due < b.due;
}

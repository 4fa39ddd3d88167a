export interface Sorted<T> {
  readonly major: number;
  readonly minor: number;
  readonly value: T;
}

/** Values in order of two numbers, kept in a sorted array: finding is logarithmic, inserting at the end is cheap. */
export class SortedKeys<T> {
  private readonly items: Sorted<T>[] = [];

  get size(): number {
    return this.items.length;
  }

  add(major: number, minor: number, value: T): void {
    const at = this.position(major, minor);
    if (at === this.items.length) this.items.push({ major, minor, value });
    else this.items.splice(at, 0, { major, minor, value });
  }

  removeAt(major: number, minor: number): void {
    const at = this.position(major, minor);
    const item = this.items[at];
    if (item?.major === major && item.minor === minor) this.items.splice(at, 1);
  }

  first(limit: number): readonly Sorted<T>[] {
    return this.items.slice(0, limit);
  }

  /** Those with `major` up to and including `most`. */
  upTo(most: number, limit: number): readonly Sorted<T>[] {
    return this.items.slice(0, Math.min(limit, this.position(most, Number.POSITIVE_INFINITY)));
  }

  /** Those with `major` larger than `than`. */
  after(than: number, limit: number): readonly Sorted<T>[] {
    const from = this.position(than, Number.POSITIVE_INFINITY);
    return this.items.slice(from, from + limit);
  }

  lowest(): number | null {
    return this.items[0]?.major ?? null;
  }

  /** The first index whose key isn't smaller. */
  private position(major: number, minor: number): number {
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const item = this.items[middle];
      if (item !== undefined && (item.major < major || (item.major === major && item.minor < minor)))
        low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

import type { KeyState } from "../../src/modules/rules/index.ts";

/** A key as it stands: its state, when its timers are due, and what of that storage has yet to be told. */
export interface CachedKey {
  readonly lineage: string;
  readonly key: string;
  /** Its row; null until it has one. */
  row: number | null;
  state: KeyState;
  due: number | null;
  expiry: number | null;
  /** Characters of its row when it was last read or written. */
  size: number;
  unsaved: "times" | "state" | "both" | null;
}

/** What an entry takes in memory, about: the lists of a row are objects there. */
const overheadBytes = 800;
const bytesPerCharacter = 6;

/**
 * Keys that were used last, up to about so many bytes: two halves, of which the older goes when the younger is full.
 * What is not saved yet stays until it is.
 */
export class KeyCache {
  readonly #half: number;
  #young = new Map<string, CachedKey>();
  #old = new Map<string, CachedKey>();
  #size = 0;

  constructor(mostBytes: number) {
    this.#half = mostBytes / 2;
  }

  find(lineage: string, key: string): CachedKey | undefined {
    const name = `${lineage}\n${key}`;
    const young = this.#young.get(name);
    if (young !== undefined) return young;
    const old = this.#old.get(name);
    if (old !== undefined) this.#put(name, old);
    return old;
  }

  add(entry: CachedKey): void {
    this.#put(`${entry.lineage}\n${entry.key}`, entry);
  }

  /** Notes how much an entry takes now. */
  resize(entry: CachedKey, size: number): void {
    this.#size += (size - entry.size) * bytesPerCharacter;
    entry.size = size;
  }

  remove(lineage: string, key: string): void {
    const name = `${lineage}\n${key}`;
    this.#young.delete(name);
    this.#old.delete(name);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
    this.#size = 0;
  }

  #put(name: string, entry: CachedKey): void {
    this.#young.set(name, entry);
    this.#size += entry.size * bytesPerCharacter + overheadBytes;
    if (this.#size <= this.#half) return;
    for (const [waiting, one] of this.#old) if (one.unsaved === null) this.#old.delete(waiting);
    const [gone, kept] = [this.#old, this.#young];
    // Few: what one step has changed and not written yet.
    for (const [waiting, one] of gone) if (!kept.has(waiting)) kept.set(waiting, one);
    this.#old = kept;
    this.#young = new Map();
    this.#size = 0;
  }
}

const seedA = 0x811c9dc5;
const seedB = 0x9e3779b9;

/** Two 32-bit hashes of a text (FNV-1a with two seeds and the finaliser of MurmurHash3, both public domain). */
function hashes(text: string): readonly [number, number] {
  let a = seedA;
  let b = seedB;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b) ^ (b >>> 15);
  }
  return [mix(a), mix(b ^ text.length)];
}

function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * The ids a data set has used, as 64-bit hashes in a flat table: 16 bytes or less an id, whatever its length. Two
 * different ids that share a hash (once in some 30 million sets of a million) only give a needless suffix.
 */
export class SeenIds {
  #slots = new Uint32Array(2 * 1024);
  #size = 0;

  /** Whether the id is new; it is remembered from then on. */
  add(id: string): boolean {
    if (this.#size * 4 >= this.#slots.length) this.#grow();
    const [a, b] = hashes(id);
    const added = this.#put(this.#slots, a, b === 0 ? 1 : b);
    if (added) this.#size += 1;
    return added;
  }

  /** The id itself, or the first of `id#2`, `id#3`, ... that is new. */
  unique(id: string): string {
    if (this.add(id)) return id;
    for (let n = 2; ; n++) {
      if (this.add(`${id}#${n}`)) return `${id}#${n}`;
    }
  }

  #put(slots: Uint32Array, a: number, b: number): boolean {
    const mask = slots.length / 2 - 1;
    for (let at = a & mask; ; at = (at + 1) & mask) {
      const held = slots[at * 2 + 1] ?? 0;
      if (held === 0) {
        slots[at * 2] = a;
        slots[at * 2 + 1] = b;
        return true;
      }
      if (held === b && slots[at * 2] === a) return false;
    }
  }

  #grow(): void {
    const bigger = new Uint32Array(this.#slots.length * 2);
    for (let at = 0; at < this.#slots.length; at += 2) {
      const b = this.#slots[at + 1] ?? 0;
      if (b !== 0) this.#put(bigger, this.#slots[at] ?? 0, b);
    }
    this.#slots = bigger;
  }
}

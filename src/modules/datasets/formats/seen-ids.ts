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

/** A slot: two halves of the hash, and the suffix to try next. */
const slotLength = 3;

/**
 * The ids a data set has used, as 64-bit hashes in a flat table: 48 bytes or less an id, whatever its length. Two
 * different ids that share a hash (once in some 30 million sets of a million) only give a needless suffix.
 */
export class SeenIds {
  #slots = new Uint32Array(slotLength * 1024);
  #capacity = 1024;
  #size = 0;

  /** The id itself, or the first of `id#2`, `id#3`, ... that is new; it is remembered from then on. */
  unique(id: string): string {
    const at = this.#add(id);
    if (at === -1) return id;
    for (let n = this.#slots[at + 2] ?? 2; ; n++) {
      const suffixed = `${id}#${n}`;
      if (this.#add(suffixed) !== -1) continue;
      this.#slots[this.#find(id) + 2] = n + 1;
      return suffixed;
    }
  }

  /** Where the id is, if it is known; else it is added and -1 is given. */
  #add(id: string): number {
    if (this.#size * 2 >= this.#capacity) this.#grow();
    const at = this.#find(id);
    if ((this.#slots[at + 2] ?? 0) !== 0) return at;
    const [a, b] = hashes(id);
    this.#slots[at] = a;
    this.#slots[at + 1] = b;
    this.#slots[at + 2] = 2;
    this.#size += 1;
    return -1;
  }

  #find(id: string): number {
    const [a, b] = hashes(id);
    return this.#probe(this.#slots, this.#capacity, a, b);
  }

  /** The slot of a hash, or the free one where it belongs. A used slot has a suffix that is not 0. */
  #probe(slots: Uint32Array, capacity: number, a: number, b: number): number {
    for (let slot = a & (capacity - 1); ; slot = (slot + 1) & (capacity - 1)) {
      const at = slot * slotLength;
      if (slots[at + 2] === 0 || (slots[at] === a && slots[at + 1] === b)) return at;
    }
  }

  #grow(): void {
    const capacity = this.#capacity * 2;
    const bigger = new Uint32Array(capacity * slotLength);
    for (let at = 0; at < this.#slots.length; at += slotLength) {
      if (this.#slots[at + 2] === 0) continue;
      const to = this.#probe(bigger, capacity, this.#slots[at] ?? 0, this.#slots[at + 1] ?? 0);
      bigger.set(this.#slots.subarray(at, at + slotLength), to);
    }
    this.#slots = bigger;
    this.#capacity = capacity;
  }
}

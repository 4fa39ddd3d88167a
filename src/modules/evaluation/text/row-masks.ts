/** The bits of the rows where a token stands, for one column of a bit-parallel table at a time. */
export interface RowMasks {
  readonly words: number;
  /** The mask of a token id, good until the next call; all zero for a token the rows do not have. */
  of(id: number): Int32Array;
}

/**
 * Masks over `rows` rows. A token that stands in more rows than a mask has words (32 tokens at most do) keeps a mask of
 * its own; a rarer one is set into a shared mask, so that memory stays linear whatever the alphabet.
 */
export function rowMasks(places: readonly Int32Array[], rows: number): RowMasks {
  const words = Math.max(1, Math.ceil(rows / 32));
  const shared = new Int32Array(words);
  const own = places.map((list) => (list.length > words ? setBits(new Int32Array(words), list) : undefined));
  let dirty: Int32Array | undefined;
  return {
    words,
    of(id) {
      const kept = own[id];
      if (kept !== undefined) return kept;
      for (const place of dirty ?? []) shared[place >> 5] = 0;
      dirty = places[id];
      return dirty === undefined ? shared : setBits(shared, dirty);
    },
  };
}

function setBits(mask: Int32Array, places: Int32Array): Int32Array {
  for (const place of places) mask[place >> 5] = (mask[place >> 5] ?? 0) | (1 << (place & 31));
  return mask;
}

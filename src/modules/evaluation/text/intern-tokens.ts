export interface InternedPair {
  readonly first: Int32Array;
  /** An id the first list does not have is -1. */
  readonly second: Int32Array;
  /** For each id, where it stands in the first list. */
  readonly places: readonly Int32Array[];
}

/** Two token lists as small integers, with the places of each token in the first list. */
export function internTokens(first: readonly string[], second: readonly string[]): InternedPair {
  const ids = new Map<string, number>();
  const places: number[][] = [];
  const firstIds = Int32Array.from(first, (token, index) => {
    let id = ids.get(token);
    if (id === undefined) {
      id = places.length;
      ids.set(token, id);
      places.push([]);
    }
    places[id]?.push(index);
    return id;
  });
  return {
    first: firstIds,
    second: Int32Array.from(second, (token) => ids.get(token) ?? -1),
    places: places.map((list) => Int32Array.from(list)),
  };
}

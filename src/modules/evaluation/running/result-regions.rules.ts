/** Objects that hold results of the units [from, to). */
export interface Part {
  readonly from: number;
  readonly to: number;
  readonly refs: readonly string[];
}

/** Units whose results lie in these objects and nowhere else. */
export interface Region {
  readonly from: number;
  readonly to: number;
  readonly refs: readonly string[];
}

/**
 * Joins parts whose units overlap (a chunk and what it was split into) into regions in the order of their units, so
 * that results can be merged a region at a time instead of all at once.
 */
export function regionsOf(parts: readonly Part[]): Region[] {
  const regions: { from: number; to: number; refs: string[] }[] = [];
  for (const part of [...parts].sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = regions.at(-1);
    if (last !== undefined && part.from < last.to) {
      last.to = Math.max(last.to, part.to);
      last.refs.push(...part.refs);
    } else {
      regions.push({ from: part.from, to: part.to, refs: [...part.refs] });
    }
  }
  return regions;
}

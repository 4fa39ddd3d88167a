/** Every how many cases the index has an offset. */
export const casesPerEntry = 25;
const entryBytes = 8;

/**
 * The index of a case file: where every 25th case begins, and last where the file ends, as 64-bit floats (exact up to
 * 2^53), little-endian. Any entry is read by its place, without the rest.
 */
export function encodeIndex(offsets: readonly number[], end: number): Uint8Array {
  const view = new DataView(new ArrayBuffer((offsets.length + 1) * entryBytes));
  for (const [place, offset] of [...offsets, end].entries())
    view.setFloat64(place * entryBytes, offset, true);
  return new Uint8Array(view.buffer);
}

export interface IndexPart {
  /** The bytes of the index that hold the first and the last offset of a range of cases. */
  readonly offset: number;
  readonly length: number;
  /** Cases to pass over after the first offset. */
  readonly skip: number;
}

/** Which part of the index to read for the cases `from` ≤ n < `to`. */
export function indexPart(from: number, to: number): IndexPart {
  const first = Math.floor(from / casesPerEntry);
  const last = Math.ceil(to / casesPerEntry);
  return {
    offset: first * entryBytes,
    length: (last - first + 1) * entryBytes,
    skip: from - first * casesPerEntry,
  };
}

/** The bytes of the case file that a part of the index spans. */
export function byteRange(part: Uint8Array): { offset: number; length: number } {
  if (part.byteLength < 2 * entryBytes || part.byteLength % entryBytes !== 0) {
    throw new RangeError(`an index part of ${part.byteLength} bytes`);
  }
  const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
  const offset = view.getFloat64(0, true);
  return { offset, length: view.getFloat64(part.byteLength - entryBytes, true) - offset };
}

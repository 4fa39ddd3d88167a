/** The number of bytes a UTF-8 sequence has by its first byte; 0 when no sequence starts so. */
function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}

/** Whether a second byte is allowed after a first one: no overlong forms, no surrogates, nothing above U+10FFFF. */
function secondFits(first: number, second: number): boolean {
  if ((second & 0xc0) !== 0x80) return false;
  if (first === 0xe0) return second >= 0xa0;
  if (first === 0xed) return second < 0xa0;
  if (first === 0xf0) return second >= 0x90;
  if (first === 0xf4) return second < 0x90;
  return true;
}

/**
 * Scans UTF-8 (RFC 3629, table 3-7 of the Unicode standard). `bad` is the index of the first byte of the first
 * ill-formed sequence, or -1; `whole` is how many bytes form whole sequences, so that a cut tail can wait for more.
 */
export function scanUtf8(bytes: Uint8Array): { readonly bad: number; readonly whole: number } {
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at] ?? 0;
    if (first < 0x80) {
      at += 1;
      continue;
    }
    const length = sequenceLength(first);
    if (length === 0) return { bad: at, whole: at };
    for (let i = 1; i < length; i++) {
      if (at + i >= bytes.length) return { bad: -1, whole: at };
      const next = bytes[at + i] ?? 0;
      if (i === 1 ? !secondFits(first, next) : (next & 0xc0) !== 0x80) return { bad: at, whole: at };
    }
    at += length;
  }
  return { bad: -1, whole: at };
}

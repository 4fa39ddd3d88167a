const firstLead = 0x81;
const lastLead = 0xfe;
const firstTrail = 0x41;
const lastTrail = 0xfe;
const width = lastTrail - firstTrail + 1;

let table: Uint16Array | undefined;

function isExtensionTrail(lead: number, trail: number): boolean {
  const letter = (trail >= 0x41 && trail <= 0x5a) || (trail >= 0x61 && trail <= 0x7a);
  if (lead === 0xc6) return trail >= 0x41 && trail <= 0x52;
  return letter || (trail >= 0x81 && trail <= (lead < 0xa1 ? 0xfe : 0xa0));
}

/**
 * The table of code page 949. The platform's "euc-kr" is asked for the KS X 1001 rows alone: Node's has no more, while
 * workerd's follows encoding.spec.whatwg.org and has all. The 8,822 further syllables are, in code order, the Hangul
 * syllables that KS X 1001 lacks, so they are derived.
 */
function codePage(): Uint16Array {
  if (table) return table;
  const cells = new Uint16Array((lastLead - firstLead + 1) * width);
  const known = new Set<number>();
  const decoder = new TextDecoder("euc-kr");
  for (let lead = 0xa1; lead <= lastLead; lead++) {
    for (let trail = 0xa1; trail <= lastTrail; trail++) {
      const text = decoder.decode(Uint8Array.of(lead, trail));
      const code = text.length === 1 ? text.charCodeAt(0) : 0xfffd;
      const unusable = code === 0xfffd || (code >= 0xe000 && code <= 0xf8ff);
      if (unusable) continue;
      known.add(code);
      cells[(lead - firstLead) * width + trail - firstTrail] = code;
    }
  }
  cells[(0xa2 - firstLead) * width + 0xe6 - firstTrail] = 0x20ac;
  cells[(0xa2 - firstLead) * width + 0xe7 - firstTrail] = 0x00ae;
  let next = 0xac00;
  for (let lead = firstLead; lead <= 0xc6; lead++) {
    for (let trail = firstTrail; trail <= lastTrail; trail++) {
      if (!isExtensionTrail(lead, trail)) continue;
      while (known.has(next)) next += 1;
      cells[(lead - firstLead) * width + trail - firstTrail] = next;
      next += 1;
    }
  }
  table = cells;
  return cells;
}

/**
 * Decodes code page 949 (a superset of EUC-KR). Stops at the first pair that means nothing: `bad` is its index, or -1.
 * `whole` is how many bytes were decoded; a lead byte at the very end is left for the next piece.
 */
export function decodeCp949(bytes: Uint8Array): {
  readonly text: string;
  readonly bad: number;
  readonly whole: number;
} {
  const cells = codePage();
  const units = new Uint16Array(bytes.length);
  let length = 0;
  let at = 0;
  let bad = -1;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      units[length++] = lead;
      at += 1;
      continue;
    }
    if (lead >= firstLead && lead <= lastLead && at + 1 >= bytes.length) break;
    const trail = bytes[at + 1] ?? 0;
    const inRange = lead >= firstLead && lead <= lastLead && trail >= firstTrail && trail <= lastTrail;
    const code = inRange ? (cells[(lead - firstLead) * width + trail - firstTrail] ?? 0) : 0;
    if (code === 0) {
      bad = at;
      break;
    }
    units[length++] = code;
    at += 2;
  }
  let text = "";
  for (let i = 0; i < length; i += 8192)
    text += String.fromCharCode(...units.subarray(i, Math.min(length, i + 8192)));
  return { text, bad, whole: at };
}

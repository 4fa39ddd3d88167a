// biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range starts at NUL.
const plainAscii = /^[\x01-\x7f]*$/;

/** What the normal form had to change besides NFC. */
export interface NormalFaults {
  /** Lone surrogates or NUL characters, which neither UTF-8 nor Postgres can hold, became U+FFFD. */
  replaced: boolean;
  /** Nesting beyond the limit. */
  tooDeep: boolean;
}

/** NFC (Unicode UAX 15), so that Hangul written as jamo equals Hangul written as syllables. */
export function normalText(text: string, faults: NormalFaults): string {
  if (plainAscii.test(text)) return text;
  let result = text;
  if (!result.isWellFormed() || result.includes("\0")) {
    faults.replaced = true;
    result = result.toWellFormed().replaceAll("\0", "\ufffd");
  }
  return result.normalize("NFC");
}

/** The same for every text of a JSON value, names of members included; numbers that aren't finite become null. */
export function normalValue(value: unknown, faults: NormalFaults, depth: number): unknown {
  if (typeof value === "string") return normalText(value, faults);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "boolean" || value === null || value === undefined) return value;
  if (typeof value !== "object") return String(value);
  if (depth <= 0) {
    faults.tooDeep = true;
    return null;
  }
  if (Array.isArray(value)) return value.map((item) => normalValue(item, faults, depth - 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      normalText(name, faults),
      normalValue(member, faults, depth - 1),
    ]),
  );
}

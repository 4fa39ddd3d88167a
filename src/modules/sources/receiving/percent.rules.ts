/**
 * Decodes an attribute from a header as the HTTP binding of CloudEvents 1.0 (3.1.3.2) has it: quoted text is unquoted
 * first, then `%` with two hexadecimal digits of either case is a byte of UTF-8. Undefined when a `%` stands alone or the
 * bytes are not UTF-8, overlong forms and surrogates included.
 */
export function decodeHeaderValue(raw: string): string | undefined {
  const text = unquoted(raw);
  if (text === undefined) return undefined;
  if (!text.includes("%")) return text;
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text.charAt(i) !== "%") {
      const code = text.codePointAt(i) ?? 0;
      if (code > 0xffff) i++;
      bytes.push(...encoder.encode(String.fromCodePoint(code)));
      continue;
    }
    const digits = text.slice(i + 1, i + 3);
    if (!/^[0-9a-fA-F]{2}$/.test(digits)) return undefined;
    bytes.push(Number.parseInt(digits, 16));
    i += 2;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}

function unquoted(raw: string): string | undefined {
  const text = raw.trim();
  if (!text.startsWith('"')) return text;
  if (text.length < 2 || !/^"(?:[^"\\]|\\.)*"$/s.test(text)) return undefined;
  return text.slice(1, -1).replaceAll(/\\(.)/gs, "$1");
}

/** Encodes an attribute for a header: space, `"`, `%` and everything outside printable ASCII, upper-case digits. */
export function encodeHeaderValue(value: string): string {
  let text = "";
  for (const char of value) {
    const code = char.codePointAt(0) ?? 0;
    const plain = code > 0x20 && code < 0x7f && char !== '"' && char !== "%";
    if (plain) text += char;
    else
      for (const byte of new TextEncoder().encode(char))
        text += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return text;
}

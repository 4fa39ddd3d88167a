/** A path taken apart: decoded segments without empty ones, and query parameters that occur once each. */
export interface ParsedPath {
  readonly segments: readonly string[];
  readonly query: ReadonlyMap<string, string>;
}

/** A path that could mean one thing to this agent and another to the server behind it. */
export class UnsafePath extends Error {}

const plainPath = /^[A-Za-z0-9\-._~!$&'()*+,=:@%/]*$/;
const unreserved = /^[A-Za-z0-9\-._~]$/;
const dangerousEscapes = /%(?:2f|5c|25|3b|3f|23|0[0-9a-f]|1[0-9a-f]|7f|[89a-f][0-9a-f])/i;

/**
 * Reads a path as the server will, or refuses it: empty and dot segments, backslashes, semicolons, fragments, escapes of
 * separators, of percent signs, of control characters and of characters that need none.
 * @throws UnsafePath
 */
export function parsePath(text: string): ParsedPath {
  const cut = text.indexOf("?");
  const path = cut < 0 ? text : text.slice(0, cut);
  if (!path.startsWith("/")) throw new UnsafePath("The path must begin with a slash.");
  if (!plainPath.test(path)) throw new UnsafePath("The path holds a character that no path may hold.");
  const segments = path === "/" ? [] : path.slice(1).split("/").map(decodeSegment);
  return { segments, query: cut < 0 ? new Map() : parseQuery(text.slice(cut + 1)) };
}

function decodeSegment(segment: string): string {
  if (segment === "") throw new UnsafePath("The path holds an empty segment (`//` or a slash at the end).");
  if (dangerousEscapes.test(segment))
    throw new UnsafePath(`The path holds a forbidden escape in "${segment}".`);
  const decoded = segment.replace(/%(..)?/g, (written, hex: string | undefined) => {
    if (hex === undefined || !/^[0-9a-f]{2}$/i.test(hex)) {
      throw new UnsafePath(`The path holds a broken escape in "${segment}".`);
    }
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    if (unreserved.test(character)) throw new UnsafePath(`"${written}" in the path needs no escape.`);
    return character;
  });
  if (decoded === "." || decoded === "..") throw new UnsafePath("The path holds a dot segment.");
  return decoded;
}

function parseQuery(text: string): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  if (/[;#\\]/.test(text) || !/^[\x21-\x7e]*$/.test(text)) {
    throw new UnsafePath("The query holds a character that no query may hold.");
  }
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const at = pair.indexOf("=");
    const key = decodeQuery(at < 0 ? pair : pair.slice(0, at));
    if (query.has(key)) throw new UnsafePath(`The query names "${key}" twice.`);
    query.set(key, at < 0 ? "" : decodeQuery(pair.slice(at + 1)));
  }
  return query;
}

function decodeQuery(text: string): string {
  try {
    const decoded = decodeURIComponent(text.replaceAll("+", " "));
    if (!isPrintable(decoded)) throw new UnsafePath("The query holds a control character.");
    return decoded;
  } catch (error) {
    if (error instanceof UnsafePath) throw error;
    throw new UnsafePath("The query holds a broken escape.");
  }
}

function isPrintable(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if ((code < 0x20 && code !== 0x0a && code !== 0x09) || code === 0x7f) return false;
  }
  return true;
}

/** The one spelling of a parsed path, which is what is sent: nothing of the original's spelling reaches the server. */
export function formatPath({ segments, query }: ParsedPath): string {
  const path = `/${segments.map((segment) => encodeURIComponent(segment).replaceAll("%3A", ":")).join("/")}`;
  if (query.size === 0) return path;
  const pairs = [...query].map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`);
  return `${path}?${pairs.join("&")}`;
}

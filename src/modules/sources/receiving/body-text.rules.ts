import { malformed } from "./malformed.ts";

/**
 * The bytes of a body as UTF-8 text.
 * @throws malformed_request `sources.malformed`
 */
export function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body);
  } catch {
    throw malformed("", "malformed_text", "The body is not UTF-8.");
  }
}

const maxDepth = 64;

/**
 * The JSON value of a body, at most 64 levels deep and without the character NUL, which PostgreSQL can't store.
 * @throws malformed_request `sources.malformed`
 */
export function jsonOf(body: Uint8Array): unknown {
  const text = textOf(body);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : "it is not JSON";
    throw malformed("", "malformed_json", `The body is not JSON: ${detail}.`);
  }
  if (isDeeper(value, maxDepth))
    throw malformed("", "too_deep", `At most ${maxDepth} levels of lists and objects.`);
  if (text.includes("\\u0000") && JSON.stringify(value).includes("\\u0000"))
    throw malformed("", "nul_character", "The character NUL can't be stored.");
  return value;
}

/** Whether a value has more than so many levels of lists and objects. */
function isDeeper(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== "object") return false;
  if (levels === 0) return true;
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  for (const member of members)
    if (member !== null && typeof member === "object" && isDeeper(member, levels - 1)) return true;
  return false;
}

/** An object of JSON; undefined for anything else. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** The media type without parameters, in lower case; "" when there is none. */
export function mediaTypeOf(contentType: string | undefined): string {
  return contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
}

/** Whether a media type means JSON: `application/json`, `text/json` or anything with `+json`. */
export function isJsonType(mediaType: string): boolean {
  return /^(application|text)\/json$/.test(mediaType) || mediaType.endsWith("+json");
}

/** Base64 of bytes. */
export function base64Of(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
}

/** The bytes of strict base64 (RFC 4648, padded); undefined when it isn't. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined;
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

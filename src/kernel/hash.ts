import { canonicalJson } from "./json.ts";

const encoder = new TextEncoder();
const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lower-case hexadecimal of bytes. */
export function toHex(bytes: ArrayBuffer | Uint8Array): string {
  const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  let text = "";
  for (const byte of view) text += pairs[byte];
  return text;
}

/** SHA-256 of text (as UTF-8) or bytes, in lower-case hexadecimal. */
export async function sha256Hex(data: string | Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(await crypto.subtle.digest("SHA-256", typeof data === "string" ? encoder.encode(data) : data));
}

/** SHA-256 of the canonical JSON of a value: the hash of a configuration, an event or a request body. */
export function sha256Json(value: unknown): Promise<string> {
  return sha256Hex(canonicalJson(value));
}

/** Whether two texts are equal, in a time that depends on their lengths only. */
export function equalInConstantTime(a: string, b: string): boolean {
  const left = encoder.encode(a);
  const right = encoder.encode(b);
  let difference = left.length ^ right.length;
  for (let i = 0; i < left.length; i++) difference |= (left[i] ?? 0) ^ (right[i] ?? 0);
  return difference === 0;
}

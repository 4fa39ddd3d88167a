import { base62Of } from "./keys/key-text.rules.ts";

/** So many random characters of base 62, nearly six bits each. */
export function randomText(length: number): string {
  for (;;) {
    const text = base62Of(crypto.getRandomValues(new Uint8Array(length * 2)), length);
    if (text !== undefined) return text;
  }
}

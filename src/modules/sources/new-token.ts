import { sha256Hex } from "../../kernel/hash.ts";

/** A token for a source's URL: 160 random bits as hexadecimal text, and its SHA-256, which is all that is kept. */
export async function newToken(): Promise<{ token: string; hash: string }> {
  const bytes = crypto.getRandomValues(new Uint8Array(20));
  const token = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { token, hash: await sha256Hex(token) };
}

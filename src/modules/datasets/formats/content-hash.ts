import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../../../kernel/hash.ts";

/** SHA-256 over pieces. On workerd `crypto.DigestStream` can stand behind it; the default runs anywhere. */
export interface ContentHash {
  update(bytes: Uint8Array): void | Promise<void>;
  /** Lower-case hexadecimal; called once, at the end. */
  hex(): string | Promise<string>;
}

/** The default: plain JavaScript, the same on workerd and Node. */
export function contentHash(): ContentHash {
  const hash = sha256.create();
  return { update: (bytes) => void hash.update(bytes), hex: () => toHex(hash.digest()) };
}

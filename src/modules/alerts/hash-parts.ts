import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson } from "../../kernel/json.ts";

/** SHA-256 of a list of values in lower-case hexadecimal: lists that differ in any part have different hashes. */
export function hashParts(parts: readonly unknown[]): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(parts))));
}

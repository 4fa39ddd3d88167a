import { createHash } from "node:crypto";
import type { AdmissionRequest } from "../../words.ts";
import { textAt } from "../machines/fields.ts";
import { harvester } from "./refusals.ts";

const TYPES =
  /^(ssh-(rsa|dss|ed25519)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/;

/** The bytes of a public key in the form of `authorized_keys`; undefined when it is none. */
function keyBytes(line: string): Buffer | undefined {
  const words = line.trim().split(/\s+/);
  const start = words.findIndex((word) => TYPES.test(word));
  const type = words[start];
  const encoded = words[start + 1];
  if (type === undefined || encoded === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return;
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.length < 4 + type.length + 4) return;
  const said = bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString("latin1");
  return said === type ? bytes : undefined;
}

/** The MD5 fingerprint as OpenSSH writes it with colons; undefined when the line is no public key. */
export function fingerprintOf(publicKey: string): string | undefined {
  const bytes = keyBytes(publicKey);
  return bytes && createHash("md5").update(bytes).digest("hex").match(/../g)?.join(":");
}

export function checkKeyPair({ operation, object }: AdmissionRequest): void {
  if (operation === "DELETE" || object.metadata.deletionTimestamp) return;
  const key = textAt(object, "spec", "publicKey");
  if (key === undefined) throw harvester.invalid("public key is required", "spec.publicKey");
  if (fingerprintOf(key) === undefined) {
    throw harvester.invalid("key is not in valid OpenSSH public key format", "spec.publicKey");
  }
}

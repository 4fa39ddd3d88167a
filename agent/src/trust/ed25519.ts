import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";

// SubjectPublicKeyInfo of Ed25519 (RFC 8410) before the 32 raw bytes.
const publicPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** An agent's own key. */
export interface AgentKey {
  /** PKCS #8, PEM. */
  readonly pem: string;
  /** Raw, base64url. */
  readonly publicKey: string;
  /** Ed25519 over the UTF-8 of a text, base64url. */
  sign(text: string): string;
}

export function newAgentKey(): AgentKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  return readAgentKey(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
}

/** @throws when the text is no Ed25519 key */
export function readAgentKey(pem: string): AgentKey {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== "ed25519") throw new Error("The agent's key is no Ed25519 key.");
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  return {
    pem,
    publicKey: spki.subarray(publicPrefix.length).toString("base64url"),
    sign: (text) => sign(null, Buffer.from(text), key).toString("base64url"),
  };
}

const imported = new Map<string, KeyObject>();

/** Checks an Ed25519 signature by a raw public key in base64url; false for anything malformed. */
export function verifyEd25519(publicKey: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    let key = imported.get(publicKey);
    if (key === undefined) {
      const raw = Buffer.from(publicKey, "base64url");
      if (raw.length !== 32) return false;
      key = createPublicKey({ key: Buffer.concat([publicPrefix, raw]), format: "der", type: "spki" });
      if (imported.size > 100) imported.clear();
      imported.set(publicKey, key);
    }
    return verify(null, bytes, key, signature);
  } catch {
    return false;
  }
}

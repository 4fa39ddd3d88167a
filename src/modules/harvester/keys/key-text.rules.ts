const kind = "ssh-ed25519";
const encoder = new TextEncoder();

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

function number(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** A string of the SSH protocol (RFC 4251, 5): its length, then its bytes. */
function field(value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === "string" ? encoder.encode(value) : value;
  return joined([number(bytes.byteLength), bytes]);
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** The line of a public Ed25519 key of 32 bytes (RFC 8709). */
export function publicKeyLine(publicKey: Uint8Array, comment: string): string {
  return `${kind} ${base64(joined([field(kind), field(publicKey)]))} ${comment}`;
}

/**
 * An Ed25519 key as `ssh -i` reads it, without a passphrase (OpenSSH, PROTOCOL.key). `check` is any number of 32 bits,
 * which stands twice so that a reader can tell whether it has decrypted it.
 */
export function privateKeyText(
  key: { readonly seed: Uint8Array; readonly publicKey: Uint8Array },
  comment: string,
  check: number,
): string {
  const secret = joined([
    number(check),
    number(check),
    field(kind),
    field(key.publicKey),
    field(joined([key.seed, key.publicKey])),
    field(comment),
  ]);
  const padding = Uint8Array.from({ length: (8 - (secret.byteLength % 8)) % 8 }, (_, n) => n + 1);
  const text = base64(
    joined([
      encoder.encode("openssh-key-v1\0"),
      field("none"),
      field("none"),
      field(""),
      number(1),
      field(joined([field(kind), field(key.publicKey)])),
      field(joined([secret, padding])),
    ]),
  );
  const lines = text.match(/.{1,70}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join(
    "\n",
  );
}

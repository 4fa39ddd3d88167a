/** The parts of an API key: `maru_<environment>_<id>_<secret><checksum>`. */
export interface KeyText {
  readonly environment: string;
  /** The id without its prefix. */
  readonly id: string;
  readonly secret: string;
}

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const secretLength = 32;
const checksumLength = 6;
const form = new RegExp(
  `^maru_(live|test|dev)_([0-9a-hjkmnp-tv-z]{26})_([0-9A-Za-z]{${secretLength}})([0-9A-Za-z]{${checksumLength}})$`,
);

/** CRC-32 of ASCII text (ISO 3309, the polynomial of zip). */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function checksum(text: string): string {
  let rest = crc32(text);
  let digits = "";
  for (let i = 0; i < checksumLength; i++) {
    digits = base62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** What may be shown of a key for ever: everything before the secret. */
export function keyPrefix(environment: string, keyId: string): string {
  return `maru_${environment}_${keyId.replace(/^key_/, "")}`;
}

/** The whole key, as it is shown once. */
export function writeKey(environment: string, keyId: string, secret: string): string {
  const text = `${keyPrefix(environment, keyId)}_${secret}`;
  return text + checksum(text);
}

/** Reads a key, or nothing when it can't be one: a wrong form or a checksum that tells of a slip. */
export function readKey(text: string): KeyText | undefined {
  const [, environment, id, secret, sum] = form.exec(text) ?? [];
  if (environment === undefined || id === undefined || secret === undefined) return undefined;
  if (checksum(text.slice(0, -checksumLength)) !== sum) return undefined;
  return { environment, id, secret };
}

/** Characters of base 62 from random bytes without bias: bytes of 248 and above are passed over. */
export function base62Of(bytes: Uint8Array, length: number): string | undefined {
  let text = "";
  for (const byte of bytes) {
    if (text.length === length) break;
    if (byte < 248) text += base62.charAt(byte % 62);
  }
  return text.length === length ? text : undefined;
}

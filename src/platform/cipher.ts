import type { CipherPort } from "../kernel/ports/cipher.ts";

const encoder = new TextEncoder();
const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

/**
 * AES-256-GCM with a 96-bit random nonce (NIST SP 800-38D). `keys` is `id:base64` pairs separated by commas; the
 * first seals, all of them open, so that a key can be rotated.
 */
export function aesCipher(keys: string): CipherPort {
  const parsed = keys.split(",").map((pair) => {
    const [id = "", material = ""] = pair.trim().split(":");
    return { id, material };
  });
  const imported = new Map<string, Promise<CryptoKey>>();
  const keyOf = (id: string): Promise<CryptoKey> => {
    const material = parsed.find((key) => key.id === id)?.material;
    if (material === undefined) throw new Error(`there is no key-encryption key "${id}"`);
    const known = imported.get(id);
    if (known) return known;
    const made = crypto.subtle.importKey("raw", fromBase64(material), "AES-GCM", false, [
      "encrypt",
      "decrypt",
    ]);
    imported.set(id, made);
    return made;
  };
  return {
    async seal(plain, binding) {
      const keyId = parsed[0]?.id ?? "";
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const options = { name: "AES-GCM", iv, additionalData: encoder.encode(binding) };
      const text = await crypto.subtle.encrypt(options, await keyOf(keyId), encoder.encode(plain));
      return { keyId, iv: toBase64(iv), text: toBase64(new Uint8Array(text)) };
    },
    async open(sealed, binding) {
      const options = { name: "AES-GCM", iv: fromBase64(sealed.iv), additionalData: encoder.encode(binding) };
      const plain = await crypto.subtle.decrypt(options, await keyOf(sealed.keyId), fromBase64(sealed.text));
      return new TextDecoder().decode(plain);
    },
  };
}

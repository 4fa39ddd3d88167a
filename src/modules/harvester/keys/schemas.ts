import * as z from "zod";
import { Labels, NamespaceField, ObjectName } from "../words.ts";

export const SshKey = z
  .strictObject({
    namespace: z.string(),
    name: z.string(),
    publicKey: z.string(),
    fingerprint: z.string().nullable(),
    valid: z.boolean(),
    labels: z.record(z.string(), z.string()),
    createdAt: z.iso.datetime().nullable(),
    resourceVersion: z.string(),
  })
  .meta({ id: "SshKey" });
export type SshKey = z.infer<typeof SshKey>;

/** One line of an OpenSSH public key. */
export const PublicKey = z
  .string()
  .max(16_384)
  .regex(
    /^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) [A-Za-z0-9+/]{40,}={0,2}(?: [^\r\n]*)?\s*$/,
    'One line of an OpenSSH public key: "ssh-ed25519 AAAA… comment".',
  )
  .refine(namesItsKind, "The key's text does not hold a key of the kind that it names.");

/** The first field inside the base64 is the kind again (RFC 4253, 6.6). */
function namesItsKind(line: string): boolean {
  const [kind = "", blob = ""] = line.trim().split(" ");
  try {
    const bytes = Uint8Array.from(atob(blob), (char) => char.charCodeAt(0));
    const length = new DataView(bytes.buffer).getUint32(0);
    return new TextDecoder().decode(bytes.subarray(4, 4 + length)) === kind;
  } catch {
    return false;
  }
}

export const ImportSshKey = z.strictObject({
  ...NamespaceField,
  name: ObjectName,
  publicKey: PublicKey,
  labels: Labels.optional(),
});
export const GenerateSshKey = ImportSshKey.omit({ publicKey: true });

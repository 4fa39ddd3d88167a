import type { CommandKey } from "../../../../contracts/relay/hello.ts";
import type { CipherPort } from "../../../kernel/ports/cipher.ts";
import type { KeyRow } from "../tables.ts";
import { fromBase64Url, toBase64Url } from "./base64url.ts";

const bindingOf = (tenantId: string, clusterId: string, id: string): string =>
  `${tenantId}/clusters/${clusterId}/${id}`;

/** A new Ed25519 key for a cluster's commands; the private half is sealed before it leaves this function. */
export async function makeCommandKey(
  cipher: CipherPort,
  facts: Pick<KeyRow, "id" | "tenantId" | "clusterId"> & { readonly now: Date },
): Promise<KeyRow> {
  const { id, tenantId, clusterId, now } = facts;
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const secret = (await crypto.subtle.exportKey("pkcs8", pair.privateKey)) as ArrayBuffer;
  const open = (await crypto.subtle.exportKey("raw", pair.publicKey)) as ArrayBuffer;
  return {
    id,
    tenantId,
    clusterId,
    publicKey: toBase64Url(open),
    sealed: await cipher.seal(toBase64Url(secret), bindingOf(tenantId, clusterId, id)),
    createdAt: now,
    validFrom: now,
    validUntil: null,
  };
}

/** The private half, for signing and nothing else. */
export async function openCommandKey(cipher: CipherPort, row: KeyRow): Promise<CryptoKey> {
  const text = await cipher.open(row.sealed, bindingOf(row.tenantId, row.clusterId, row.id));
  return crypto.subtle.importKey("pkcs8", fromBase64Url(text), "Ed25519", false, ["sign"]);
}

/** A key as agents are given it. */
export function commandKeyOf({ id, publicKey, validFrom, validUntil }: KeyRow): CommandKey {
  return {
    id,
    publicKey,
    validFrom: validFrom.getTime(),
    validUntil: validUntil?.getTime() ?? null,
  };
}

const encoder = new TextEncoder();

/** Whether a text was signed with the private half of a raw base64url key. What is no key or signature was not. */
export async function isSignedBy(publicKey: string, signature: string, text: string): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey("raw", fromBase64Url(publicKey), "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, fromBase64Url(signature), encoder.encode(text));
  } catch {
    return false;
  }
}

import type { EventProof } from "../../../../contracts/events.ts";
import { type AppError, problem } from "../../../kernel/problem.ts";
import { bytesOfBase64 } from "./body-text.rules.ts";
import type { HttpMessage } from "./event-draft.ts";

/** A signature may be so much older or newer than the clock (Standard Webhooks, "Verifying webhook timestamps"). */
export const signatureToleranceMs = 5 * 60_000;

/** The facts of a signed webhook. */
export interface SignedWebhook {
  readonly id: string;
  /** Milliseconds since 1970 UTC. */
  readonly timestamp: number;
  readonly proof: EventProof;
}

export interface WebhookHeaders {
  readonly id: string;
  readonly timestampText: string;
  readonly timestamp: number;
  readonly signatures: readonly string[];
}

/**
 * Verifies Standard Webhooks v1 (HMAC-SHA256, secret `whsec_…`) and v1a (Ed25519, public key `whpk_…`) over
 * `id.timestamp.body`: one signature by one of the secrets is enough.
 * @throws unauthenticated `sources.signature_missing`, `sources.signature_stale`, `sources.signature_invalid`
 */
export async function verifyStandardWebhook(
  message: HttpMessage,
  secrets: readonly string[],
  now: number,
): Promise<SignedWebhook> {
  const { id, timestamp, timestampText, signatures } = webhookHeaders(message.headers);
  if (Math.abs(now - timestamp) > signatureToleranceMs) throw staleSignature();
  const prefix = new TextEncoder().encode(`${id}.${timestampText}.`);
  const signed = new Uint8Array(prefix.length + message.body.length);
  signed.set(prefix);
  signed.set(message.body, prefix.length);
  for (const secret of secrets) {
    for (const signature of signatures) {
      const proof = await proofOf(secret, signature, signed);
      if (proof !== undefined) return { id, timestamp, proof };
    }
  }
  throw refusedSignature();
}

/** The three headers, also under the names that Svix gave them. */
export function webhookHeaders(headers: HttpMessage["headers"]): WebhookHeaders {
  const header = (name: string) => headers.get(`webhook-${name}`) ?? headers.get(`svix-${name}`) ?? "";
  const [id, timestampText, signature] = [header("id"), header("timestamp"), header("signature")];
  if (id === "" || timestampText === "" || signature === "") {
    throw missingSignature("webhook-id, webhook-timestamp and webhook-signature");
  }
  if (!/^\d{1,12}$/.test(timestampText)) throw missingSignature("webhook-timestamp in whole seconds");
  const signatures = signature.split(" ").filter((part) => part !== "");
  return { id, timestampText, timestamp: Number(timestampText) * 1000, signatures: signatures.slice(0, 20) };
}

async function proofOf(
  secret: string,
  signature: string,
  signed: Uint8Array<ArrayBuffer>,
): Promise<EventProof | undefined> {
  const comma = signature.indexOf(",");
  const version = signature.slice(0, comma);
  const given = bytesOfBase64(signature.slice(comma + 1));
  if (comma < 0 || !given) return undefined;
  if (version === "v1" && !secret.startsWith("whpk_")) {
    const key = bytesOfBase64(secret.replace(/^whsec_/, ""));
    return key && key.length > 0 && (await hmacHolds(key, given, signed))
      ? "standard-webhooks-v1"
      : undefined;
  }
  if (version !== "v1a" || !secret.startsWith("whpk_")) return undefined;
  const key = bytesOfBase64(secret.slice("whpk_".length));
  if (key?.length !== 32) return undefined;
  const publicKey = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  const holds = await crypto.subtle.verify({ name: "Ed25519" }, publicKey, given, signed);
  return holds ? "standard-webhooks-v1a" : undefined;
}

/** Whether an HMAC-SHA256 is the one of the key; compares in constant time. */
export async function hmacHolds(
  key: Uint8Array<ArrayBuffer>,
  given: Uint8Array<ArrayBuffer>,
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const hmac = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, [
    "verify",
  ]);
  return crypto.subtle.verify("HMAC", hmac, given, signed);
}

export const missingSignature = (what: string): AppError =>
  problem("unauthenticated", "sources.signature_missing", `The source wants a signed request: send ${what}.`);

export const staleSignature = (): AppError =>
  problem(
    "unauthenticated",
    "sources.signature_stale",
    "The signature's time is more than five minutes off.",
  );

export const refusedSignature = (): AppError =>
  problem("unauthenticated", "sources.signature_invalid", "No signature is by a secret of this source.");

import { AppError, problem } from "../../kernel/problem.ts";
import { isTransientStatus } from "../../kernel/retry.ts";
import { isWebhookSecret } from "../../kernel/webhook-secret.ts";
import type { Egress } from "../egress/egress.ts";

export interface Webhook {
  /** Stable over retries: the receiver's idempotency key. */
  readonly id: string;
  readonly url: string;
  /** `whsec_` and 24 to 64 bytes in base64; without one the message isn't signed. */
  readonly secret?: string;
  readonly body: string;
  readonly at: Date;
}

const encoder = new TextEncoder();
const timeoutMs = 20_000;

/**
 * The `webhook-signature` of Standard Webhooks v1 (standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`.
 * @throws invalid_input `webhook.secret_invalid`
 */
export async function webhookSignature(
  secret: string,
  id: string,
  timestamp: number,
  body: string,
): Promise<string> {
  if (!isWebhookSecret(secret)) {
    throw problem(
      "invalid_input",
      "webhook.secret_invalid",
      "A signing secret is whsec_ and 24 to 64 bytes in base64.",
    );
  }
  const material = Uint8Array.from(atob(secret.replace(/^whsec_/, "")), (char) => char.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", material, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  const signed = await crypto.subtle.sign("HMAC", key, encoder.encode(`${id}.${timestamp}.${body}`));
  return `v1,${btoa(String.fromCharCode(...new Uint8Array(signed)))}`;
}

/**
 * Sends one webhook. Redirects are not followed. Throws `upstream_failed` or `timeout` while another try makes sense;
 * a final refusal such as 404 or 410 answers false.
 */
export async function sendWebhook(hook: Webhook, egress: Egress): Promise<boolean> {
  const url = new URL(hook.url);
  const timestamp = Math.floor(hook.at.getTime() / 1000);
  const headers = new Headers({
    "content-type": "application/json",
    "webhook-id": hook.id,
    "webhook-timestamp": String(timestamp),
  });
  if (hook.secret !== undefined) {
    headers.set("webhook-signature", await webhookSignature(hook.secret, hook.id, timestamp, hook.body));
  }
  const signal = AbortSignal.timeout(timeoutMs);
  const sent = egress.fetch(url, {
    method: "POST",
    headers,
    body: hook.body,
    signal,
  });
  const response = await sent.catch((error: unknown) => {
    if (error instanceof AppError) throw error;
    throw problem(
      signal.aborted ? "timeout" : "upstream_failed",
      "webhook.unreachable",
      `The webhook to ${url.host} was not answered.`,
      { cause: error },
    );
  });
  await response.body?.cancel();
  if (response.ok) return true;
  if (isTransientStatus(response.status)) {
    throw problem(
      "upstream_failed",
      "webhook.refused",
      `The webhook to ${url.host} was answered with ${response.status}.`,
    );
  }
  return false;
}

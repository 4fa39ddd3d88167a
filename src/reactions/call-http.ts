import type { Session } from "../context.ts";
import type { Ctx } from "../kernel/context.ts";
import { AppError } from "../kernel/problem.ts";
import type { EffectOutcome, EffectRequest } from "../modules/rules/index.ts";
import { readSecret } from "../modules/secrets/index.ts";
import { egressOf } from "../platform/egress/egress-of.ts";
import { sendOnce } from "../platform/notify/http-notify.ts";
import { webhookSignature } from "../platform/webhooks/send-webhook.ts";

/** Calls an endpoint once, under the egress guard, with the same key at every attempt. */
export async function callHttp(
  { env, now }: Session,
  ctx: Ctx,
  key: string,
  request: EffectRequest & { readonly kind: "http" },
): Promise<EffectOutcome> {
  const secret = request.secretName === null ? undefined : await secretOf(ctx, request.secretName);
  if (secret === null) return refused(`There is no secret "${request.secretName}".`);
  const timestamp = Math.floor(now.getTime() / 1000);
  const headers: Record<string, string> = {
    ...request.headers,
    "idempotency-key": key,
    "webhook-id": key,
    "webhook-timestamp": String(timestamp),
  };
  if (secret !== undefined && request.secretUse === "bearer") headers["authorization"] = `Bearer ${secret}`;
  else if (secret !== undefined)
    headers["webhook-signature"] = await webhookSignature(secret, key, timestamp, request.body ?? "");
  const { method, url, body } = request;
  if (!URL.canParse(url)) return refused("The URL is not one once its values are filled in.");
  const outcome = await sendOnce({ method, url, headers, body }, secret, {
    ...egressOf(env),
    timeoutMs,
  });
  const { status, snippet } = outcome;
  if (outcome.sent) return { done: true, detail: `answered ${status}` };
  const redirects = status !== null && status >= 300 && status < 400;
  const why = redirects ? "a redirect, which is not followed" : snippet;
  const detail = status === null ? snippet : `answered ${status}: ${why}`;
  return { done: false, retryable: outcome.retryable, retryAfterMs: outcome.retryAfterMs, detail };
}

const timeoutMs = 15_000;

const refused = (detail: string) => ({ done: false, retryable: false, retryAfterMs: 0, detail }) as const;

/** Null: there is no such secret. */
async function secretOf(ctx: Ctx, name: string): Promise<string | null> {
  try {
    return await readSecret(ctx, name);
  } catch (error) {
    if (error instanceof AppError && error.kind === "not_found") return null;
    throw error;
  }
}

import type { NotifyMessage } from "../../kernel/ports/notify.ts";
import { webhookSignature } from "../webhooks/send-webhook.ts";
import { ChannelFault, type ChannelRequest, json } from "./channel-request.ts";

/** A Standard Webhook: signed when the channel has a `whsec_` secret. Its id is the same over retries. */
export async function webhookRequest(
  url: string,
  secret: string | undefined,
  message: NotifyMessage,
): Promise<ChannelRequest> {
  const timestamp = Math.floor(message.at / 1000);
  const body = JSON.stringify(message.payload);
  if (secret !== undefined && !/^(whsec_)?[A-Za-z0-9+/]+={0,2}$/.test(secret))
    throw new ChannelFault("The channel's secret is not one of Standard Webhooks (whsec_ and base64).");
  const signature =
    secret === undefined
      ? {}
      : { "webhook-signature": await webhookSignature(secret, message.id, timestamp, body) };
  const ids = {
    "webhook-id": message.id,
    "idempotency-key": message.id,
    "webhook-timestamp": String(timestamp),
  };
  return { url, headers: { ...json, ...ids, ...signature }, body };
}

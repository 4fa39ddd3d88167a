import type { NotifyMessage } from "../../kernel/ports/notify.ts";
import { type ChannelRequest, json, mustHaveSecret } from "./channel-request.ts";
import { cut } from "./limits.ts";

/** An event of PagerDuty's Events API v2: one incident a group of alerts, opened, acknowledged and resolved by its key. */
export function pagerdutyRequest(
  config: { readonly apiUrl: string },
  secret: string | undefined,
  message: NotifyMessage,
): ChannelRequest {
  const routingKey = mustHaveSecret(secret, "the integration's routing key");
  const action = message.status === "resolved" ? "resolve" : message.acknowledged ? "acknowledge" : "trigger";
  const payload = {
    summary: cut(message.title || "Alert", 1024),
    source: "maru",
    severity: message.severity,
    timestamp: new Date(message.at).toISOString(),
    custom_details: { text: cut(message.body, 20_000), notification_id: message.id },
  };
  return {
    url: config.apiUrl,
    headers: json,
    body: JSON.stringify({
      routing_key: routingKey,
      event_action: action,
      dedup_key: cut(message.groupKey, 255),
      ...(action === "trigger" ? { payload } : {}),
    }),
  };
}

import type { NotifyMessage } from "../../kernel/ports/notify.ts";
import { type ChannelRequest, json } from "./channel-request.ts";
import { cut, cutBytes } from "./limits.ts";

const priorities = { critical: 5, error: 4, warning: 3, info: 2 } as const;

/** A message to an ntfy topic: 4,096 bytes. */
export function ntfyRequest(
  config: { readonly apiUrl: string; readonly topic: string },
  secret: string | undefined,
  message: NotifyMessage,
): ChannelRequest {
  return {
    url: config.apiUrl,
    headers: { ...json, ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }) },
    body: JSON.stringify({
      topic: config.topic,
      title: cut(message.title || "Alert", 250),
      message: cutBytes(message.body || message.title, 4096),
      markdown: true,
      priority: message.status === "resolved" ? 3 : priorities[message.severity],
      tags: [message.status === "resolved" ? "white_check_mark" : "rotating_light"],
    }),
  };
}

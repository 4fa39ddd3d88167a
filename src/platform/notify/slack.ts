import type { NotifyMessage } from "../../kernel/ports/notify.ts";
import { type ChannelRequest, json, mustHaveSecret, secretUrl } from "./channel-request.ts";
import { cut } from "./limits.ts";

const colours = { critical: "#d92d20", error: "#d92d20", warning: "#dc9803", info: "#2e6fd8" } as const;

/** Slack blocks within Block Kit's limits: 150 characters of a header, 3,000 of a section. */
export function slackRequest(
  config: { readonly channel?: string | undefined; readonly apiUrl: string },
  secret: string | undefined,
  message: NotifyMessage,
): ChannelRequest {
  const blocks = [
    { type: "header", text: { type: "plain_text", text: cut(message.title || "Alert", 150) } },
    ...(message.body === ""
      ? []
      : [{ type: "section", text: { type: "mrkdwn", text: cut(message.body, 3000) } }]),
  ];
  const color = message.status === "resolved" ? "#12805c" : colours[message.severity];
  const content = { text: cut(message.title || "Alert", 3000), attachments: [{ color, blocks }] };
  if (config.channel === undefined)
    return { url: secretUrl(secret), headers: json, body: JSON.stringify(content) };
  const token = mustHaveSecret(secret, "a bot token with chat:write");
  return {
    url: `${config.apiUrl}/chat.postMessage`,
    headers: { "content-type": "application/json; charset=utf-8", authorization: `Bearer ${token}` },
    body: JSON.stringify({ channel: config.channel, ...content }),
    refusedBy: (body) => !/^\s*\{\s*"ok"\s*:\s*true/.test(body),
  };
}

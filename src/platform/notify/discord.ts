import type { NotifyMessage } from "../../kernel/ports/notify.ts";
import { type ChannelRequest, json, secretUrl } from "./channel-request.ts";
import { cut } from "./limits.ts";

const colours = { critical: 0xd92d20, error: 0xd92d20, warning: 0xdc9803, info: 0x2e6fd8 } as const;

/** A Discord embed: 256 characters of title, 4,096 of description. Nobody is mentioned, whatever the text says. */
export function discordRequest(secret: string | undefined, message: NotifyMessage): ChannelRequest {
  const color = message.status === "resolved" ? 0x12805c : colours[message.severity];
  const embed = {
    title: cut(message.title || "Alert", 256),
    description: cut(message.body, 4096),
    color,
    timestamp: new Date(message.at).toISOString(),
  };
  const body = JSON.stringify({ embeds: [embed], allowed_mentions: { parse: [] } });
  return { url: secretUrl(secret), headers: json, body };
}

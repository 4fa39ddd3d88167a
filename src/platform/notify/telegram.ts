import type { NotifyMessage } from "../../kernel/ports/notify.ts";
import { type ChannelRequest, json, mustHaveSecret } from "./channel-request.ts";
import { cut } from "./limits.ts";

/** A Telegram message of plain text: 4,096 characters. */
export function telegramRequest(
  config: { readonly apiUrl: string; readonly chatId: string },
  secret: string | undefined,
  message: NotifyMessage,
): ChannelRequest {
  const token = mustHaveSecret(secret, "the bot's token");
  const text = [message.title, message.body].filter((part) => part !== "").join("\n\n");
  return {
    url: `${config.apiUrl.replace(/\/+$/, "")}/bot${encodeURIComponent(token).replaceAll("%3A", ":")}/sendMessage`,
    headers: json,
    body: JSON.stringify({
      chat_id: config.chatId,
      text: cut(text || "Alert", 4096),
      link_preview_options: { is_disabled: true },
    }),
  };
}

import type { NotifyMessage, NotifyTarget } from "../../kernel/ports/notify.ts";
import type { ChannelRequest } from "./channel-request.ts";
import { discordRequest } from "./discord.ts";
import { emailRequest } from "./email.ts";
import { ntfyRequest } from "./ntfy.ts";
import { pagerdutyRequest } from "./pagerduty.ts";
import { slackRequest } from "./slack.ts";
import { smsRequest } from "./sms.ts";
import { teamsRequest } from "./teams.ts";
import { telegramRequest } from "./telegram.ts";
import { webhookRequest } from "./webhook.ts";

/** The request that carries a message to a channel. Throws `ChannelFault` when the channel is not set up for it. */
export async function requestOf(
  { config, secret }: NotifyTarget,
  message: NotifyMessage,
): Promise<ChannelRequest> {
  switch (config.kind) {
    case "webhook":
      return webhookRequest(config.url, secret, message);
    case "slack":
      return slackRequest(config, secret, message);
    case "email":
      return emailRequest(config, secret, message);
    case "sms":
      return smsRequest(config, secret, message);
    case "teams":
      return teamsRequest(secret, message);
    case "discord":
      return discordRequest(secret, message);
    case "telegram":
      return telegramRequest(config, secret, message);
    case "pagerduty":
      return pagerdutyRequest(config, secret, message);
    case "ntfy":
      return ntfyRequest(config, secret, message);
  }
}

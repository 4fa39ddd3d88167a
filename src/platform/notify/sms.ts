import type { NotifyMessage } from "../../kernel/ports/notify.ts";
import { type ChannelRequest, mustHaveSecret } from "./channel-request.ts";
import { cut } from "./limits.ts";

interface SmsConfig {
  readonly apiUrl: string;
  readonly account: string;
  readonly from: string;
  readonly to: string;
}

/** A text message through Twilio's API or one like it: 480 characters, so ten parts of a Korean text at most. */
export function smsRequest(
  config: SmsConfig,
  secret: string | undefined,
  message: NotifyMessage,
): ChannelRequest {
  const token = mustHaveSecret(secret, "the auth token of the SMS account");
  const text = [message.title, message.body].filter((part) => part !== "").join("\n");
  return {
    url: `${config.apiUrl.replace(/\/+$/, "")}/Accounts/${config.account}/Messages.json`,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `Basic ${btoa(`${config.account}:${token}`)}`,
      "idempotency-key": message.id,
    },
    body: new URLSearchParams({ From: config.from, To: config.to, Body: cut(text, 480) }).toString(),
  };
}

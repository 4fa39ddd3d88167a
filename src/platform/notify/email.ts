import type { NotifyMessage } from "../../kernel/ports/notify.ts";
import { type ChannelRequest, json, mustHaveSecret } from "./channel-request.ts";
import { cut } from "./limits.ts";

interface EmailConfig {
  readonly provider: "resend" | "sendgrid" | "mailgun";
  readonly apiUrl: string;
  readonly from: string;
  readonly to: readonly string[];
}

/** A message of mail through a provider's HTTP API; the body is HTML. */
export function emailRequest(
  config: EmailConfig,
  secret: string | undefined,
  message: NotifyMessage,
): ChannelRequest {
  const token = mustHaveSecret(secret, "the API key of the mail provider");
  const subject = cut(message.title.replaceAll(/[\r\n]+/g, " ") || "Alert", 500);
  const html = message.body || subject;
  const base = config.apiUrl.replace(/\/+$/, "");
  const bearer = { authorization: `Bearer ${token}` };
  if (config.provider === "resend") {
    return {
      url: `${base}/emails`,
      headers: { ...json, ...bearer, "idempotency-key": message.id },
      body: JSON.stringify({ from: config.from, to: config.to, subject, html }),
    };
  }
  if (config.provider === "sendgrid") {
    return {
      url: `${base}/mail/send`,
      headers: { ...json, ...bearer },
      body: JSON.stringify({
        personalizations: [{ to: config.to.map((email) => ({ email })), custom_args: { id: message.id } }],
        from: addressOf(config.from),
        subject,
        content: [{ type: "text/html", value: html }],
      }),
    };
  }
  const form = new URLSearchParams({ from: config.from, to: config.to.join(","), subject, html });
  form.set("h:X-Maru-Id", message.id);
  return {
    url: `${base}/messages`,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `Basic ${btoa(`api:${token}`)}`,
    },
    body: form.toString(),
  };
}

/** `Name <a@b>` as SendGrid wants it. */
function addressOf(from: string): { email: string; name?: string } {
  const [, name = "", email = ""] = /^\s*(.*?)\s*<([^<>]+)>\s*$/.exec(from) ?? [];
  if (email === "") return { email: from };
  return name === "" ? { email } : { email, name };
}

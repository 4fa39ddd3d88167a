import type { NotifyMessage } from "../../kernel/ports/notify.ts";
import { type ChannelRequest, json, secretUrl } from "./channel-request.ts";
import { cut, cutBytes } from "./limits.ts";

/** An Adaptive Card for the workflow webhook of Microsoft Teams, whose messages have 28 KB at most. */
export function teamsRequest(secret: string | undefined, message: NotifyMessage): ChannelRequest {
  const color = message.status === "resolved" ? "good" : message.severity === "info" ? "accent" : "attention";
  const title = {
    type: "TextBlock",
    text: cut(message.title || "Alert", 500),
    weight: "bolder",
    size: "medium",
    wrap: true,
    color,
  };
  const body = { type: "TextBlock", text: cutBytes(message.body, 12_000), wrap: true };
  const card = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    body: message.body === "" ? [title] : [title, body],
  };
  const attachments = [{ contentType: "application/vnd.microsoft.card.adaptive", content: card }];
  return { url: secretUrl(secret), headers: json, body: JSON.stringify({ type: "message", attachments }) };
}

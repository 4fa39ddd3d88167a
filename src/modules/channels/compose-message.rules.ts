import type { Notification } from "../../../contracts/alerts.ts";
import type { ChannelKind } from "../../../contracts/channels.ts";
import type { Json } from "../../kernel/json.ts";
import type { NotifyMessage } from "../../kernel/ports/notify.ts";
import type { ChannelRow } from "./tables.ts";
import type { TextFormat } from "./templates/escape-text.rules.ts";
import { writeMessage } from "./templates/write-message.rules.ts";

/** How the receivers of a kind read the body of a message. */
export const formatOf: Readonly<Record<ChannelKind, TextFormat>> = {
  webhook: "plain",
  slack: "slack",
  email: "html",
  sms: "plain",
  teams: "markdown",
  discord: "markdown",
  telegram: "plain",
  pagerduty: "plain",
  ntfy: "markdown",
};

const severities: Readonly<Record<string, NotifyMessage["severity"]>> = {
  critical: "critical",
  page: "critical",
  fatal: "critical",
  error: "error",
  warning: "warning",
  warn: "warning",
  info: "info",
  informational: "info",
};

/** The message that a channel gets about a notification. `now` is in milliseconds. */
export function composeMessage(
  channel: Pick<ChannelRow, "kind" | "locale" | "zone" | "templates">,
  notification: Notification,
  now: number,
): NotifyMessage {
  const { locale, zone, templates } = channel;
  const around = { locale, zone, now };
  const { title, body } = writeMessage(notification, templates, formatOf[channel.kind], around);
  const firing = notification.alerts.filter(({ status }) => status === "firing");
  const named = notification.commonLabels.severity?.toLowerCase() ?? "";
  return {
    id: notification.id,
    groupKey: `${notification.tenantId}:${notification.groupKey}`,
    status: notification.status,
    acknowledged: firing.length > 0 && firing.every(({ acknowledgedBy }) => acknowledgedBy !== undefined),
    severity: severities[named] ?? "error",
    title,
    body,
    payload: {
      type: `alerts.${notification.kind}.${notification.status}`,
      timestamp: new Date(notification.createdAt).toISOString(),
      data: { ...notification, title, text: body } as unknown as Json,
    },
    at: now,
  };
}

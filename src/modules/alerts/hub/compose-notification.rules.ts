import type { Labels, Notification, NotifiedAlert } from "../../../../contracts/alerts.ts";
import type { GroupMember } from "./muting.rules.ts";

const maxAlerts = 500;
const maxChars = 262_144;

/** What a message says besides its alerts. */
export type NotificationHead = Pick<
  Notification,
  | "id"
  | "tenantId"
  | "channelId"
  | "receiver"
  | "kind"
  | "repeat"
  | "groupKey"
  | "groupLabels"
  | "notices"
  | "atMostOnce"
  | "escalation"
  | "createdAt"
>;

/** What a message says of members: firing first and then by start, as far as they fit. */
export function composeNotification(head: NotificationHead, members: readonly GroupMember[]): Notification {
  return notificationOf(head, members.map(asNotified));
}

/** What a message says of alerts. */
export function notificationOf(head: NotificationHead, all: readonly NotifiedAlert[]): Notification {
  const sorted = all.toSorted(inOrder);
  const alerts: NotifiedAlert[] = [];
  let chars = 0;
  for (const alert of sorted) {
    chars += JSON.stringify(alert).length;
    if (alerts.length === maxAlerts || (chars > maxChars && alerts.length > 0)) break;
    alerts.push(alert);
  }
  const firingCount = sorted.filter(({ status }) => status === "firing").length;
  return {
    ...head,
    status: firingCount > 0 ? "firing" : "resolved",
    commonLabels: commonOf(sorted.map(({ labels }) => labels)),
    commonAnnotations: commonOf(sorted.map(({ annotations }) => annotations)),
    firingCount,
    resolvedCount: sorted.length - firingCount,
    alerts,
    omitted: sorted.length - alerts.length,
  };
}

/** An alert as a message shows it. */
export function asNotified({ alert, status }: GroupMember): NotifiedAlert {
  const { fingerprint, labels, annotations, startsAt, endsAt, acknowledged } = alert;
  const shown = { fingerprint, status, labels, annotations, startsAt };
  const end = { endsAt: status === "resolved" ? endsAt : null };
  return acknowledged === null ? { ...shown, ...end } : { ...shown, ...end, acknowledgedBy: acknowledged.by };
}

function inOrder(a: NotifiedAlert, b: NotifiedAlert): number {
  if (a.status !== b.status) return a.status === "firing" ? -1 : 1;
  return a.startsAt - b.startsAt || (a.fingerprint < b.fingerprint ? -1 : 1);
}

function commonOf(all: readonly Labels[]): Labels {
  const [first = {}, ...others] = all;
  const names = Object.keys(first).filter((name) => others.every((other) => other[name] === first[name]));
  return Object.fromEntries(names.map((name) => [name, first[name] ?? ""]));
}

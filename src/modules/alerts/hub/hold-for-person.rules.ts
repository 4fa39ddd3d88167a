import type { Notification, NotifiedAlert } from "../../../../contracts/alerts.ts";
import { hashParts } from "../hash-parts.ts";
import { asNotified, notificationOf } from "./compose-notification.rules.ts";
import type { HubWork } from "./hub-work.ts";
import { readMembers } from "./muting.rules.ts";
import { quietUntil } from "./reach-targets.rules.ts";
import type { HeldItem, HeldRow } from "./rows.ts";
import { severityOf } from "./severity.rules.ts";
import { emitNotification } from "./tell-channel.rules.ts";

const mostItems = 200;

/** Keeps for a person what they are not to be disturbed with now. */
export function holdForPerson(work: HubWork, userId: string, item: HeldItem, until: number): void {
  const row = work.store.findHeld(userId) ?? { userId, items: [], due: until };
  const isSame = (other: HeldItem) =>
    other.groupKey === item.groupKey &&
    other.escalationId === item.escalationId &&
    (other.ended === null) === (item.ended === null);
  if (row.items.some(isSame)) return;
  work.store.putHeld({ ...row, items: [...row.items, item].slice(-mostItems) });
}

/**
 * Tells a person in one message what was kept for them, with the state of this time: escalations that nobody has
 * acknowledged, and the ends of those that they had heard of. In quiet hours it waits on.
 */
export function sendHeld(work: HubWork, row: HeldRow): void {
  const { userId } = row;
  const until = quietUntil(work, userId);
  if (until !== undefined && until > work.now) {
    work.store.putHeld({ ...row, due: until });
    return;
  }
  work.store.deleteHeld(userId);
  const found = row.items.map((item) => gather(work, item));
  const alerts = new Map(found.flatMap(({ alerts }) => alerts.map((alert) => [alert.fingerprint, alert])));
  if (alerts.size === 0) return;
  const severities = new Set(found.map(({ severity }) => severity));
  for (const { channelId, severities: wanted, atMostOnce } of contactsOf(work, userId)) {
    if (wanted?.every((severity) => !severities.has(severity))) continue;
    const id = `ntf_${hashParts([work.tenantId, "held", userId, row.due, channelId]).slice(0, 40)}`;
    const head = {
      id,
      tenantId: work.tenantId,
      channelId,
      receiver: `user:${userId}`,
      kind: "digest" as const,
      repeat: false,
      groupKey: `user:${userId}`,
      groupLabels: {},
      notices: [] as Notification["notices"],
      atMostOnce: atMostOnce ?? false,
      createdAt: work.now,
    };
    emitNotification(work, notificationOf(head, [...alerts.values()]), { channelId }, []);
    for (const fingerprint of alerts.keys()) {
      const told = [{ channelId, userId, notificationId: id }];
      work.note(fingerprint, "escalated", { what: "digest", told });
    }
  }
}

function contactsOf(work: HubWork, userId: string) {
  return work.store.findEntry("person", userId)?.body.contacts ?? [];
}

function gather(work: HubWork, item: HeldItem): { alerts: readonly NotifiedAlert[]; severity: string } {
  if (item.ended !== null) return { alerts: item.ended, severity: item.ended[0]?.labels.severity ?? "" };
  const row = work.store.findEscalation(item.groupKey);
  const isOpen = row?.state.phase === "waiting" || row?.state.phase === "exhausted";
  if (row?.state.escalationId !== item.escalationId || !isOpen) return { alerts: [], severity: "" };
  const firing = readMembers(work, item.groupKey).filter(
    ({ status, muted }) => status === "firing" && muted.length === 0,
  );
  return { alerts: firing.map(asNotified), severity: severityOf(firing) };
}

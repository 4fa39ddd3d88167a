import type { ReceiverChannel } from "../../../../contracts/alerts.ts";
import { notificationId } from "../notifying/notification-id.ts";
import { composeNotification } from "./compose-notification.rules.ts";
import { afterTelling, asNotice } from "./flush-group.rules.ts";
import type { HubWork } from "./hub-work.ts";
import { judgeChannel } from "./judge-channel.rules.ts";
import { type GroupMember, readMembers } from "./muting.rules.ts";
import { recordVerdicts, verdictOf } from "./record-verdicts.rules.ts";
import type { ChannelRow, PendingNotice } from "./rows.ts";
import { emitNotification, includedIn, rememberTold } from "./tell-channel.rules.ts";

const lookAgainMs = 3_600_000;
const groupKey = "digest";

interface Gathered {
  channel: ReceiverChannel | undefined;
  receiver: string;
  readonly included: GroupMember[];
  readonly notices: PendingNotice[];
}

/** Tells a channel in one message what its groups held back in the quiet hours that have ended. */
export function sendDigest(work: HubWork, row: ChannelRow): void {
  const quiet = stillQuiet(work, row.channelId);
  if (quiet !== undefined) {
    const due = work.interval(quiet).until() ?? work.now + lookAgainMs;
    work.store.putChannel({ ...row, due: Math.max(due, work.now + 1) });
    return;
  }
  const scheduledFor = row.due ?? work.now;
  const id = notificationId(work.tenantId, groupKey, row.channelId, scheduledFor, 0);
  work.store.putChannel({ ...row, digestGroups: [], due: null });
  const gathered: Gathered = { channel: undefined, receiver: "", included: [], notices: [] };
  for (const key of row.digestGroups) gather(work, row.channelId, key, id, gathered);
  const { channel, receiver, included, notices } = gathered;
  if (channel === undefined || included.length === 0) return;
  const notification = composeNotification(
    {
      id,
      tenantId: work.tenantId,
      channelId: row.channelId,
      receiver,
      kind: "digest",
      repeat: false,
      groupKey,
      groupLabels: {},
      notices: notices.map(asNotice),
      atMostOnce: channel.atMostOnce ?? false,
      createdAt: scheduledFor,
    },
    included,
  );
  emitNotification(work, notification, channel, included);
}

/** The quiet hours of a channel that are on, as any receiver names them. */
function stillQuiet(work: HubWork, channelId: string): string | undefined {
  for (const { channels } of work.routing.receivers.values()) {
    const interval = channels.find((channel) => channel.channelId === channelId)?.quietHours?.interval;
    if (interval !== undefined && work.interval(interval).isOpen) return interval;
  }
  return undefined;
}

function gather(work: HubWork, channelId: string, key: string, id: string, into: Gathered): void {
  const group = work.group(key);
  const route = group === undefined ? undefined : work.route(group.routeKey);
  if (group === undefined || route === undefined) return;
  const channel = work.routing.receivers
    .get(route.receiver)
    ?.channels.find((candidate) => candidate.channelId === channelId);
  if (channel === undefined) return;
  const members = readMembers(work, key);
  const judgement = judgeChannel(work, group, route, channel, members, work.now);
  if (judgement.outcome === "nothing") return;
  const included = includedIn(judgement, members);
  rememberTold(work, group, route, judgement, included, work.now);
  for (const member of members) {
    const verdict = verdictOf(work, judgement, member, included.includes(member) ? id : undefined);
    recordVerdicts(work, { key, receiver: route.receiver }, member, [verdict]);
  }
  into.channel = channel;
  into.receiver = route.receiver;
  const known = new Set(into.included.map(({ row }) => row.fingerprint));
  into.included.push(...included.filter(({ row }) => !known.has(row.fingerprint)));
  into.notices.push(...judgement.notices);
  work.saveGroup({ ...group, notices: afterTelling(work, group, group.notices, channelId) });
}

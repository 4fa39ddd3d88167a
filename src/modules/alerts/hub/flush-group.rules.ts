import type { FlappingNotice } from "../../../../contracts/alerts.ts";
import { ticksAt } from "../notifying/flush-tick.rules.ts";
import { notificationId } from "../notifying/notification-id.ts";
import type { RouteNode } from "../routing/route-tree.rules.ts";
import { isAwaited } from "./alert-row.rules.ts";
import { composeNotification } from "./compose-notification.rules.ts";
import { escalateGroup } from "./escalate-group.rules.ts";
import { channelsOf } from "./flapping-notices.rules.ts";
import type { HubWork } from "./hub-work.ts";
import { type Judgement, judgeChannel } from "./judge-channel.rules.ts";
import { type GroupMember, readMembers } from "./muting.rules.ts";
import { recordVerdicts, type Verdict, verdictOf } from "./record-verdicts.rules.ts";
import type { GroupRow, PendingNotice } from "./rows.ts";
import {
  channelRow,
  emitNotification,
  generationOf,
  includedIn,
  rememberTold,
} from "./tell-channel.rules.ts";

const quietLookMs = 3_600_000;

/** Tells the channels of a group what is new in it, and lets go of the alerts that ended. Says how many it read. */
export function flushGroup(work: HubWork, group: GroupRow): number {
  const route = work.route(group.routeKey);
  if (route === undefined) {
    work.forgetGroup(group.key);
    return 1;
  }
  const { tick, next } = ticksAt(group.due, route.groupIntervalMs, work.now);
  const members = readMembers(work, group.key);
  const channels = work.routing.receivers.get(route.receiver)?.channels ?? [];
  const verdicts = new Map<GroupMember, Verdict[]>(members.map((member) => [member, []]));
  const held = new Set<GroupMember>();
  let { notices } = group;
  for (const channel of channels) {
    const judgement = judgeChannel(work, group, route, channel, members, tick);
    const sentAs = tell(work, group, route, judgement, members, tick);
    if (judgement.outcome === "hold") for (const member of judgement.audible) held.add(member);
    else notices = afterTelling(work, group, notices, channel.channelId);
    for (const member of members) {
      const isIn = sentAs?.included.has(member) === true;
      verdicts.get(member)?.push(verdictOf(work, judgement, member, isIn ? sentAs?.id : undefined));
    }
  }
  if (channels.length === 0) for (const list of verdicts.values()) list.push(nobody);
  for (const [member, list] of verdicts) {
    recordVerdicts(work, { key: group.key, receiver: route.receiver }, member, list);
  }
  escalateGroup(work, group, route, members, group.due);
  const stays = members.filter(
    (member) => member.status === "firing" || isAwaited(member.alert, work.now) || held.has(member),
  );
  leave(work, group, members, stays);
  if (stays.length === 0) work.forgetGroup(group.key);
  else work.saveGroup({ ...group, due: next, flushed: true, notices });
  return members.length + 1;
}

const nobody: Verdict = { channelId: "", outcome: "not_asked", reasons: [] };

function tell(
  work: HubWork,
  group: GroupRow,
  route: RouteNode,
  judgement: Judgement,
  members: readonly GroupMember[],
  tick: number,
): { readonly id: string; readonly included: ReadonlySet<GroupMember> } | undefined {
  const { channel, news, outcome } = judgement;
  if (outcome === "hold") waitForDigest(work, group, judgement);
  if (outcome !== "send") return undefined;
  const included = includedIn(judgement, members);
  const { channelId } = channel;
  const id = notificationId(work.tenantId, group.key, channelId, group.due, generationOf(judgement.told));
  const lastId = included.length === 0 ? judgement.told?.lastId : id;
  rememberTold(work, group, route, judgement, included, tick, lastId);
  if (included.length === 0) return undefined;
  const notification = composeNotification(
    {
      id,
      tenantId: work.tenantId,
      channelId,
      receiver: route.receiver,
      kind: "group",
      repeat: news === "repeat",
      groupKey: group.key,
      groupLabels: group.labels,
      notices: judgement.notices.map(asNotice),
      atMostOnce: channel.atMostOnce ?? false,
      createdAt: tick,
    },
    included,
  );
  emitNotification(work, notification, channel, included, judgement.told?.lastId);
  return { id, included: new Set(included) };
}

export function asNotice({ fingerprint, kind, at }: PendingNotice): FlappingNotice {
  return { fingerprint, kind, at };
}

/** The notices that other channels still wait for. */
export function afterTelling(
  work: HubWork,
  group: GroupRow,
  notices: readonly PendingNotice[],
  channelId: string,
): PendingNotice[] {
  return notices.flatMap((notice) => {
    const left = (notice.channels ?? channelsOf(work, group)).filter((other) => other !== channelId);
    return left.length === 0 ? [] : [{ ...notice, channels: left }];
  });
}

/** A channel that wants a digest hears of this group when its quiet hours end. */
function waitForDigest(work: HubWork, group: GroupRow, { channel, holds }: Judgement): void {
  const { channelId, quietHours } = channel;
  const isQuiet = holds.some(({ reason, by }) => reason === "quiet_hours" && by === quietHours?.interval);
  if (quietHours?.digest !== true || !isQuiet) return;
  const row = channelRow(work, channelId);
  if (row.digestGroups.includes(group.key)) return;
  const due = row.due ?? work.interval(quietHours.interval).until() ?? work.now + quietLookMs;
  work.store.putChannel({ ...row, digestGroups: [...row.digestGroups, group.key], due });
}

function leave(
  work: HubWork,
  group: GroupRow,
  members: readonly GroupMember[],
  stays: readonly GroupMember[],
): void {
  if (stays.length === 0) return;
  const staying = new Set(stays);
  for (const member of members) {
    if (!staying.has(member)) work.store.deleteMember(group.key, member.row.fingerprint);
  }
}

import type { Notification, ReceiverChannel } from "../../../../contracts/alerts.ts";
import { afterSend } from "../notifying/rate-limit.rules.ts";
import type { RouteNode } from "../routing/route-tree.rules.ts";
import { withDue } from "./alert-row.rules.ts";
import type { HubWork } from "./hub-work.ts";
import type { Judgement } from "./judge-channel.rules.ts";
import type { GroupMember } from "./muting.rules.ts";
import type { ChannelRow, GroupRow, ToldRow } from "./rows.ts";

/** A notification that nobody took is handed out again after this time. */
export const handOutAgainMs = 60_000;
const toldKeptMs = 432_000_000;

/** Who is in the message: the audible, without ends where the channel doesn't want them, and who a notice is about. */
export function includedIn(judgement: Judgement, members: readonly GroupMember[]): GroupMember[] {
  const { channel, audible, notices } = judgement;
  const wanted = audible.filter(({ status }) => status === "firing" || (channel.sendResolved ?? true));
  if (notices.length === 0) return wanted;
  const noticed = new Set(notices.map(({ fingerprint }) => fingerprint));
  const isIn = new Set(wanted);
  return [...wanted, ...members.filter((member) => noticed.has(member.row.fingerprint) && !isIn.has(member))];
}

/**
 * Writes down what the channel knows of the group after this tick: the audible members, and those that a notice shows.
 * With nobody audible the rest stays as it was told.
 */
export function rememberTold(
  work: HubWork,
  group: GroupRow,
  route: RouteNode,
  { channel, told, audible }: Judgement,
  included: readonly GroupMember[],
  tick: number,
  id: string | undefined = told?.lastId,
): void {
  const bare = audible.length === 0;
  const heard = bare ? included : [...audible, ...included.filter(({ muted }) => muted.length > 0)];
  const shown = new Set(heard.map(({ short }) => short));
  const sets = (status: GroupMember["status"], before: readonly string[]) => [
    ...(bare ? before.filter((short) => !shown.has(short)) : []),
    ...heard.filter((member) => member.status === status).map(({ short }) => short),
  ];
  work.store.putTold({
    groupKey: group.key,
    channelId: channel.channelId,
    firing: sets("firing", told?.firing ?? []),
    resolved: sets("resolved", told?.resolved ?? []),
    at: bare ? (told?.at ?? tick) : tick,
    generation: generationOf(told),
    ...(id === undefined ? {} : { lastId: id }),
    due: tick + Math.max(2 * route.repeatIntervalMs, toldKeptMs),
  });
}

/** Counts what a channel is told of a group: part of the id of the next notification. */
export function generationOf(told: ToldRow | undefined): number {
  return (told?.generation ?? 0) + 1;
}

/** Puts a notification on its way, behind what it comes `after`, and counts it where a rate limit or a cooldown asks for it. */
export function emitNotification(
  work: HubWork,
  notification: Notification,
  channel: ReceiverChannel,
  included: readonly GroupMember[],
  after?: string,
): void {
  const { id, channelId } = notification;
  if (work.store.findNotification(id) !== undefined) return;
  const before = after === undefined ? undefined : work.store.findNotification(after);
  if (before !== undefined) work.store.putNotification({ ...before, next: id });
  work.store.putNotification({
    id,
    state: "pending",
    notification,
    attempts: 0,
    epoch: 0,
    detail: null,
    ...(before === undefined ? {} : { after: before.id }),
    createdAt: work.now,
    due: work.now + handOutAgainMs,
  });
  work.effects.push({ type: "notify", id, channelId, notification });
  const { rateLimit } = channel;
  if (rateLimit !== undefined) {
    const row = channelRow(work, channelId);
    work.store.putChannel({ ...row, sends: [...afterSend(row.sends, rateLimit, work.now)] });
  }
  for (const { row } of included) {
    const alert = work.alert(row.fingerprint);
    if (alert === undefined || alert.cooldownMs === 0) continue;
    work.saveAlert(withDue({ ...alert, sentAt: { ...alert.sentAt, [channelId]: work.now } }));
  }
}

export function channelRow(work: HubWork, channelId: string): ChannelRow {
  return work.store.findChannel(channelId) ?? { channelId, sends: [], digestGroups: [], due: null };
}

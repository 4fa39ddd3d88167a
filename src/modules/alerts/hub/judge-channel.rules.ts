import type { ReceiverChannel, Suppression } from "../../../../contracts/alerts.ts";
import { type News, newsOf } from "../notifying/needs-update.rules.ts";
import { nextSendAt } from "../notifying/rate-limit.rules.ts";
import type { RouteNode } from "../routing/route-tree.rules.ts";
import { coolingUntil } from "./alert-row.rules.ts";
import type { HubWork } from "./hub-work.ts";
import type { GroupMember } from "./muting.rules.ts";
import type { GroupRow, PendingNotice, ToldRow } from "./rows.ts";

/** What one channel is to hear of a group at a tick. */
export interface Judgement {
  readonly channel: ReceiverChannel;
  readonly told: ToldRow | undefined;
  /** Members that nothing mutes. */
  readonly audible: readonly GroupMember[];
  readonly notices: readonly PendingNotice[];
  readonly news: News | undefined;
  /** What holds the message back as a whole; it is decided anew at the next tick. */
  readonly holds: readonly Suppression[];
  readonly outcome: "send" | "hold" | "nothing";
  readonly isNews: (member: GroupMember) => boolean;
}

/** Decides for one channel whether a group has news, and whether it may be told now. */
export function judgeChannel(
  work: HubWork,
  group: GroupRow,
  route: RouteNode,
  channel: ReceiverChannel,
  members: readonly GroupMember[],
  tick: number,
): Judgement {
  const told = work.store.findTold(group.key, channel.channelId);
  const audible = members.filter(({ muted }) => muted.length === 0);
  const shorts = (status: GroupMember["status"]) =>
    audible.filter((member) => member.status === status).map(({ short }) => short);
  const sendResolved = channel.sendResolved ?? true;
  const rule = { sendResolved, repeatIntervalMs: route.repeatIntervalMs };
  const sets = { firing: shorts("firing"), resolved: shorts("resolved") };
  const found = newsOf(told, sets, rule, tick);
  const cared = audible.every(({ status, alert }) => status === "resolved" || alert.acknowledged !== null);
  const nothing = audible.length === 0 || (found === "repeat" && cared);
  const news = nothing ? undefined : found;
  const isNews = newsTest(told, news, sendResolved);
  const notices = noticesFor(group, channel, members);
  const wanted = news !== undefined || notices.length > 0;
  const holds = [...quietHolds(work, route, channel), ...rateHolds(work, channel)];
  if (wanted && notices.length === 0) holds.push(...cooldownHold(work, channel, audible.filter(isNews)));
  const outcome = !wanted ? "nothing" : holds.length > 0 ? "hold" : "send";
  return { channel, told, audible, notices, news, holds, outcome, isNews };
}

/** Whether it is this member that makes the group news. */
function newsTest(
  told: ToldRow | undefined,
  news: News | undefined,
  sendResolved: boolean,
): (member: GroupMember) => boolean {
  const firing = new Set(told?.firing);
  const resolved = new Set(told?.resolved);
  return ({ status, short }) => {
    if (status === "firing") return news === "repeat" || !firing.has(short);
    return firing.has(short) || (news !== undefined && sendResolved && !resolved.has(short));
  };
}

/** Notices for this channel about alerts that nothing but their flapping mutes. */
function noticesFor(
  group: GroupRow,
  { channelId }: ReceiverChannel,
  members: readonly GroupMember[],
): PendingNotice[] {
  const open = group.notices.filter(({ channels }) => channels === null || channels.includes(channelId));
  if (open.length === 0) return [];
  const audible = members.filter(({ muted }) => muted.every(({ reason }) => reason === "flapping"));
  const fingerprints = new Set(audible.map(({ row }) => row.fingerprint));
  return open.filter(({ fingerprint }) => fingerprints.has(fingerprint));
}

function quietHolds(work: HubWork, route: RouteNode, channel: ReceiverChannel): Suppression[] {
  const hold = (by: string): Suppression => ({
    reason: "quiet_hours",
    by,
    until: work.interval(by).until(),
  });
  const own = channel.quietHours === undefined ? [] : [channel.quietHours.interval];
  const mute = [...own, ...route.muteIntervals].filter((name) => work.interval(name).isOpen);
  const { activeIntervals } = route;
  const outside = activeIntervals.length > 0 && !activeIntervals.some((name) => work.interval(name).isOpen);
  return [...new Set([...mute, ...(outside ? activeIntervals : [])])].map(hold);
}

function rateHolds(work: HubWork, { channelId, rateLimit }: ReceiverChannel): Suppression[] {
  if (rateLimit === undefined) return [];
  const until = nextSendAt(work.store.findChannel(channelId)?.sends ?? [], rateLimit, work.now);
  return until === undefined ? [] : [{ reason: "rate_limit", until }];
}

/** A message is held when all that is new in it is cooling down. */
function cooldownHold(
  work: HubWork,
  { channelId }: ReceiverChannel,
  news: readonly GroupMember[],
): Suppression[] {
  const untils = news.map(({ alert }) => coolingUntil(alert, channelId, work.now));
  const known = untils.filter((until) => until !== undefined);
  if (known.length === 0 || known.length < untils.length) return [];
  return [{ reason: "cooldown", until: Math.min(...known) }];
}

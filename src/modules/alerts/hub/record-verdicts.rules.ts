import type { Suppression } from "../../../../contracts/alerts.ts";
import { byWeight, verdictText } from "../notifying/suppressions.rules.ts";
import { coolingUntil } from "./alert-row.rules.ts";
import type { HubWork } from "./hub-work.ts";
import type { Judgement } from "./judge-channel.rules.ts";
import type { GroupMember } from "./muting.rules.ts";
import type { MemberRow } from "./rows.ts";

/** The answer of one channel to one member: told, muted with all the reasons, or not of interest to it. */
export interface Verdict {
  readonly channelId: string;
  readonly outcome: "sent" | "suppressed" | "not_asked";
  readonly reasons: readonly Suppression[];
  readonly notificationId?: string;
}

/** Why a channel hears or does not hear of a member. `sentAs` is the id of the message that it is part of. */
export function verdictOf(
  work: HubWork,
  judgement: Judgement,
  member: GroupMember,
  sentAs: string | undefined,
): Verdict {
  const { channelId, sendResolved } = judgement.channel;
  if (sentAs !== undefined) return { channelId, outcome: "sent", reasons: [], notificationId: sentAs };
  if (member.status === "resolved" && sendResolved === false)
    return { channelId, outcome: "not_asked", reasons: [] };
  const reasons = [...member.muted, ...judgement.holds.filter(({ reason }) => reason !== "cooldown")];
  const until = coolingUntil(member.alert, channelId, work.now);
  if (until !== undefined) reasons.push({ reason: "cooldown", until });
  if (!judgement.isNews(member) || reasons.length === 0) reasons.push({ reason: "dedupe" });
  return { channelId, outcome: "suppressed", reasons: byWeight(reasons) };
}

/**
 * Notes the answers that differ from those before. That nothing changed since a message went out needs no word of
 * its own.
 */
export function recordVerdicts(
  work: HubWork,
  group: { readonly key: string; readonly receiver: string },
  member: GroupMember,
  verdicts: readonly Verdict[],
): MemberRow {
  const texts: Record<string, string> = { ...member.row.verdicts };
  for (const verdict of verdicts) {
    const { channelId, outcome, reasons, notificationId } = verdict;
    const text = `${outcome}:${notificationId ?? verdictText(reasons)}`;
    const before = texts[channelId];
    if (before === text || (text === "suppressed:dedupe" && before?.startsWith("sent:") === true)) continue;
    texts[channelId] = text;
    work.note(member.row.fingerprint, "verdict", { group: group.key, receiver: group.receiver, ...verdict });
  }
  const row = { ...member.row, verdicts: texts };
  const changed = Object.keys(texts).some((channelId) => texts[channelId] !== member.row.verdicts[channelId]);
  if (changed) work.store.putMember(row);
  return row;
}

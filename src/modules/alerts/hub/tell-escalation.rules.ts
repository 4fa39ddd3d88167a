import type { EscalationTelling, Notification } from "../../../../contracts/alerts.ts";
import type { NotifyTarget } from "../../../../contracts/on-call.ts";
import type { Entry } from "../entries/entry.ts";
import { hashParts } from "../hash-parts.ts";
import { asNotified, composeNotification } from "./compose-notification.rules.ts";
import { holdForPerson } from "./hold-for-person.rules.ts";
import type { HubWork } from "./hub-work.ts";
import type { GroupMember } from "./muting.rules.ts";
import { callOff } from "./outbox.rules.ts";
import { personNow, type Reached, reachTargets } from "./reach-targets.rules.ts";
import type { EscalationRow, GroupRow, ToldByEscalation } from "./rows.ts";
import { severityOf } from "./severity.rules.ts";
import { emitNotification } from "./tell-channel.rules.ts";

const mostNoted = 500;
const mostEnded = 50;

/** A group that escalates, at the time of a command. */
export interface EscalationScene {
  readonly group: GroupRow;
  readonly policy: Entry<"policy">;
  readonly members: readonly GroupMember[];
  /** Members that fire and that nothing mutes. */
  readonly firing: readonly GroupMember[];
}

/** One telling of one step, with all its targets. */
export interface Telling {
  readonly round: number;
  readonly step: number;
  readonly attempt: number;
  readonly targets: readonly NotifyTarget[];
}

/** Tells the targets of a step: a notification for each channel, or later for who is not to be disturbed. */
export function tellStep(
  work: HubWork,
  row: EscalationRow,
  scene: EscalationScene,
  telling: Telling,
): EscalationRow {
  const { state, groupKey } = row;
  const { targets, ...place } = telling;
  const { reached, waiting, unreached } = reachTargets(work, targets, state.severity);
  const what = `${state.pass}:${place.round}.${place.step}.${place.attempt}`;
  const told = reached.map((one) => {
    const id = idOf(work, row, what, one);
    const notification = composeNotification(
      { ...headOf(work, row, scene, one), id, repeat: place.attempt > 1, escalation: of(scene, place, one) },
      scene.firing,
    );
    const last = row.told.find((other) => isSame(other, one))?.ids.at(-1);
    emitNotification(work, notification, { channelId: one.channelId }, scene.firing, last);
    return { channelId: one.channelId, userId: one.userId, notificationId: id };
  });
  for (const { userId, until } of waiting) {
    holdForPerson(work, userId, { groupKey, escalationId: state.escalationId, ended: null }, until);
  }
  noteAll(work, scene.firing, { ...place, ...nameOf(scene), what: "told", told, waiting, unreached });
  return { ...row, told: told.reduce(withTold, row.told) };
}

/** Tells those who were told of an escalation that nothing of it fires any more. */
export function tellEnd(work: HubWork, row: EscalationRow, scene: EscalationScene): void {
  const ended = scene.members.filter(({ status, muted }) => status === "resolved" && muted.length === 0);
  if (ended.length === 0) return;
  const severity = severityOf(ended);
  for (const { channelId, userId, ids } of row.told) {
    if (ids.every((id) => work.store.findNotification(id)?.state === "suppressed")) continue;
    const until = userId === null ? undefined : personNow(work, userId, severity).waiting?.until;
    if (userId !== null && until !== undefined) {
      const alerts = ended.slice(0, mostEnded).map(asNotified);
      const { escalationId } = row.state;
      holdForPerson(work, userId, { groupKey: row.groupKey, escalationId, ended: alerts }, until);
      continue;
    }
    const one = { channelId, userId, atMostOnce: false };
    const head = { ...headOf(work, row, scene, one), id: idOf(work, row, "over", one), repeat: false };
    const { round, step, told } = row.state;
    const place = { round, step, attempt: Math.max(1, told) };
    const notification = composeNotification({ ...head, escalation: of(scene, place, one) }, ended);
    emitNotification(work, notification, { channelId }, ended, ids.at(-1));
  }
}

/** Calls back what an escalation has not sent yet. */
export function callBack(work: HubWork, row: EscalationRow, reason: string): void {
  for (const id of row.told.flatMap(({ ids }) => ids)) {
    const sent = work.store.findNotification(id);
    if (sent?.state === "pending" || sent?.state === "retry") callOff(work, sent, `Called back: ${reason}.`);
  }
}

/** Notes in the timeline of members what became of an escalation. */
export function noteAll(
  work: HubWork,
  members: readonly GroupMember[],
  data: Readonly<Record<string, unknown>>,
): void {
  for (const { row } of members.slice(0, mostNoted)) work.note(row.fingerprint, "escalated", data);
}

export function nameOf({ policy }: Pick<EscalationScene, "policy">): {
  policyId: string;
  policyName: string;
} {
  return { policyId: policy.id, policyName: policy.body.name };
}

function headOf(work: HubWork, { groupKey }: EscalationRow, { group }: EscalationScene, one: Reached) {
  const { channelId, userId, atMostOnce } = one;
  return {
    tenantId: work.tenantId,
    channelId,
    receiver: userId === null ? `channel:${channelId}` : `user:${userId}`,
    kind: "escalation" as const,
    groupKey,
    groupLabels: group.labels,
    notices: [] as Notification["notices"],
    atMostOnce,
    createdAt: work.now,
  };
}

function of(
  scene: EscalationScene,
  { round, step, attempt }: Omit<Telling, "targets">,
  { userId }: Reached,
): EscalationTelling {
  return { ...nameOf(scene), round, step, attempt, userId };
}

/** The same however often the decision is made anew. */
function idOf(work: HubWork, { state }: EscalationRow, what: string, { channelId, userId }: Reached): string {
  const parts = [work.tenantId, "escalation", state.escalationId, what, channelId, userId];
  return `ntf_${hashParts(parts).slice(0, 40)}`;
}

function withTold(
  all: readonly ToldByEscalation[],
  one: { readonly channelId: string; readonly userId: string | null; readonly notificationId: string },
): readonly ToldByEscalation[] {
  const before = all.find((other) => isSame(other, one))?.ids ?? [];
  const ids = [...before, one.notificationId].slice(-20);
  return [
    ...all.filter((other) => !isSame(other, one)),
    { channelId: one.channelId, userId: one.userId, ids },
  ];
}

type Told = Pick<ToldByEscalation, "channelId" | "userId">;

function isSame(one: Told, other: Told): boolean {
  return one.channelId === other.channelId && one.userId === other.userId;
}

import type { Contact, NotifyTarget, OnCallSchedule } from "../../../../contracts/on-call.ts";
import { type Recipient, recipientsOf } from "../on-call/recipients.rules.ts";
import type { HubWork } from "./hub-work.ts";

const quietLookMs = 3_600_000;

/** A channel that is told now, for somebody or by itself. */
export interface Reached {
  readonly channelId: string;
  readonly userId: string | null;
  readonly atMostOnce: boolean;
}

/** Somebody who is told later. */
export interface Waiting {
  readonly userId: string;
  readonly reason: "quiet_hours" | "digest";
  readonly until: number;
}

export interface Reach {
  readonly reached: readonly Reached[];
  readonly waiting: readonly Waiting[];
  /** Targets that nobody stands behind, or only people who can't be reached about this severity. */
  readonly unreached: readonly NotifyTarget[];
}

/**
 * Whom targets stand for now, each channel once for each person. A schedule whose person can't be reached falls back
 * to its fallback.
 */
export function reachTargets(work: HubWork, targets: readonly NotifyTarget[], severity: string): Reach {
  const reached = new Map<string, Reached>();
  const waiting = new Map<string, Waiting>();
  const unreached: NotifyTarget[] = [];
  for (const target of targets) {
    let found = reachOne(work, target, severity);
    if (target.kind === "schedule" && isNobody(found)) {
      const fallback = work.store.findEntry("schedule", target.id)?.body.fallback;
      if (fallback !== undefined) found = reachOne(work, fallback, severity);
    }
    if (isNobody(found)) unreached.push(target);
    for (const one of found.reached) reached.set(JSON.stringify([one.userId, one.channelId]), one);
    for (const one of found.waiting) waiting.set(one.userId, one);
  }
  return { reached: [...reached.values()], waiting: [...waiting.values()], unreached };
}

/** The ways to reach a person about a severity, and until when they wait. */
export function personNow(
  work: HubWork,
  userId: string,
  severity: string,
): { readonly contacts: readonly Contact[]; readonly waiting: Waiting | undefined } {
  const person = work.store.findEntry("person", userId);
  const contacts = (person?.body.contacts ?? []).filter(
    ({ severities }) => severities === undefined || severities.includes(severity),
  );
  if (person === undefined || contacts.length === 0) return { contacts: [], waiting: undefined };
  const { urgentSeverities, digestMs } = person.body;
  if (urgentSeverities.includes(severity)) return { contacts, waiting: undefined };
  const until = quietUntil(work, userId);
  if (until !== undefined) return { contacts, waiting: { userId, reason: "quiet_hours", until } };
  if (digestMs === null) return { contacts, waiting: undefined };
  const due = work.store.findHeld(userId)?.due ?? work.now + digestMs;
  return { contacts, waiting: { userId, reason: "digest", until: due } };
}

/** Until when the quiet hours of a person last that are on; undefined when none are. */
export function quietUntil(work: HubWork, userId: string): number | undefined {
  const person = work.store.findEntry("person", userId);
  const intervals = person?.body.quietHours ?? [];
  if (person === undefined || intervals.length === 0) return undefined;
  const times = work.times(`person:${userId}:${person.version}`, { kind: "intervals", intervals });
  return times.isOpen ? (times.until() ?? work.now + quietLookMs) : undefined;
}

function reachOne(work: HubWork, target: NotifyTarget, severity: string): Omit<Reach, "unreached"> {
  const { recipients } = recipientsOf([target], directoryOf(work, target), work.now);
  const reached: Reached[] = [];
  const waiting: Waiting[] = [];
  for (const recipient of recipients) {
    if (recipient.kind === "channel") {
      reached.push({ channelId: recipient.id, userId: null, atMostOnce: false });
      continue;
    }
    const person = personNow(work, recipient.id, severity);
    if (person.waiting === undefined) reached.push(...waysTo(recipient, person.contacts));
    else waiting.push(person.waiting);
  }
  return { reached, waiting };
}

function waysTo({ id }: Recipient, contacts: readonly Contact[]): Reached[] {
  return contacts.map(({ channelId, atMostOnce }) => ({
    channelId,
    userId: id,
    atMostOnce: atMostOnce ?? false,
  }));
}

/** What a target may stand for: the schedule that it names, and the teams. */
function directoryOf(work: HubWork, { kind, id }: NotifyTarget) {
  const schedule = kind === "schedule" ? work.store.findEntry("schedule", id)?.body : undefined;
  const schedules: Record<string, OnCallSchedule> = schedule === undefined ? {} : { [id]: schedule };
  const teamIds = [
    ...(kind === "team" ? [id] : []),
    ...(schedule?.fallback.kind === "team" ? [schedule.fallback.id] : []),
  ];
  const teams = Object.fromEntries(
    teamIds.map((teamId) => [teamId, work.store.findEntry("team", teamId)?.body.members ?? []]),
  );
  return { schedules, teams };
}

function isNobody({ reached, waiting }: Omit<Reach, "unreached">): boolean {
  return reached.length === 0 && waiting.length === 0;
}

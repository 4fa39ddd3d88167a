import type { AlertStatus, Suppression } from "../../../../contracts/alerts.ts";
import { silenceState } from "../silences/silence.rules.ts";
import { shortOf, statusAt } from "./alert-row.rules.ts";
import type { HubWork } from "./hub-work.ts";
import type { AlertRow, MemberRow } from "./rows.ts";

/** A member of a group at the time when the group is told. */
export interface GroupMember {
  readonly row: MemberRow;
  readonly alert: AlertRow;
  readonly short: string;
  readonly status: AlertStatus;
  /** Why nobody hears of it now, whatever the channel. */
  readonly muted: readonly Suppression[];
}

/** The members of a group with what mutes them; members whose alert is gone are removed. */
export function readMembers(work: HubWork, groupKey: string): GroupMember[] {
  return work.store.members(groupKey).flatMap((row) => {
    const alert = work.alert(row.fingerprint);
    if (alert === undefined) {
      work.store.deleteMember(groupKey, row.fingerprint);
      return [];
    }
    const status = statusAt(alert, work.now);
    return [{ row, alert, status, short: shortOf(row.fingerprint), muted: mutesOf(work, alert) }];
  });
}

/** All that mutes an alert now. */
function mutesOf(work: HubWork, alert: AlertRow): Suppression[] {
  const found: Suppression[] = [];
  for (const { id, times } of work.routing.maintenance.matching(alert.labels)) {
    const { isOpen, until } = work.times(`maintenance:${id}`, times);
    if (isOpen) found.push({ reason: "maintenance", by: id, until: until() });
  }
  for (const silence of work.silences.matching(alert.labels)) {
    if (silenceState(silence, work.now) === "active")
      found.push({ reason: "silence", by: silence.id, until: silence.endsAt });
  }
  for (const target of work.routing.inhibitions.targetsOf(alert.labels)) {
    const { ruleKey, equalKey, sourceToo } = target;
    const source = work.store.findSource(ruleKey, equalKey, work.now, sourceToo);
    if (source !== undefined) found.push({ reason: "inhibition", by: `${target.ruleId}/${source}` });
  }
  if (alert.flapping) found.push({ reason: "flapping" });
  return found;
}

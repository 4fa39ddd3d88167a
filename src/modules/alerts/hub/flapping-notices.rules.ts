import type { HubWork } from "./hub-work.ts";
import type { AlertRow, GroupRow, PendingNotice } from "./rows.ts";

/**
 * Leaves a notice in the groups of an alert that began or ceased to flap, told with the next tick of each. A channel
 * that was not told of the beginning is not told of the end.
 */
export function postFlappingNotice(work: HubWork, alert: AlertRow): void {
  const { fingerprint, flapping } = alert;
  work.note(fingerprint, flapping ? "flapping_started" : "flapping_stopped");
  for (const key of work.store.groupsOf(fingerprint)) {
    const group = work.group(key);
    if (group === undefined) continue;
    const open = group.notices.find((notice) => notice.fingerprint === fingerprint);
    const others = group.notices.filter((notice) => notice.fingerprint !== fingerprint);
    const notice = nextNotice(work, group, alert, open);
    work.saveGroup({ ...group, notices: notice === undefined ? others : [...others, notice] });
  }
}

function nextNotice(
  work: HubWork,
  group: GroupRow,
  { fingerprint, flapping }: AlertRow,
  open: PendingNotice | undefined,
): PendingNotice | undefined {
  const kind = flapping ? "flapping_started" : "flapping_stopped";
  if (open === undefined) return { fingerprint, kind, at: work.now, channels: null };
  const untold = open.channels ?? channelsOf(work, group);
  const told = channelsOf(work, group).filter((channelId) => !untold.includes(channelId));
  return told.length === 0 ? undefined : { fingerprint, kind, at: work.now, channels: told };
}

/** The channels of a group's receiver. */
export function channelsOf(work: HubWork, group: GroupRow): string[] {
  const receiver = work.routing.receivers.get(work.route(group.routeKey)?.receiver ?? "");
  return (receiver?.channels ?? []).map(({ channelId }) => channelId);
}

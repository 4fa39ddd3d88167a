import { firstFlushAt } from "../notifying/flush-tick.rules.ts";
import { groupKey, groupLabels } from "../routing/group-key.rules.ts";
import { matchRoutes } from "../routing/route-tree.rules.ts";
import type { HubWork } from "./hub-work.ts";
import type { AlertRow, MemberRow } from "./rows.ts";

/** Puts an alert into the groups of the routes that take it; a new group waits before it is told. */
export function joinGroups(
  work: HubWork,
  alert: AlertRow,
  verdictsIn: (groupKey: string) => MemberRow["verdicts"] | undefined = () => undefined,
): void {
  const { fingerprint, labels, startsAt } = alert;
  for (const route of matchRoutes(work.routing.root, labels)) {
    const shared = groupLabels(labels, route);
    const key = groupKey(route, shared);
    const group = work.group(key);
    const due = firstFlushAt(startsAt, route.groupWaitMs, work.now);
    if (group === undefined)
      work.saveGroup({ key, routeKey: route.key, labels: shared, due, flushed: false, notices: [] });
    else if (!group.flushed && due < group.due && due === work.now) work.saveGroup({ ...group, due });
    if (work.store.findMember(key, fingerprint) !== undefined) continue;
    const verdicts = verdictsIn(key);
    work.store.putMember({ groupKey: key, fingerprint, verdicts: verdicts ?? {} });
    if (verdicts === undefined) {
      const until = work.group(key)?.due ?? due;
      work.note(fingerprint, "grouped", { group: key, receiver: route.receiver, until });
    }
  }
}

import type { RoutingConfig } from "../../../../contracts/alerts.ts";
import type { NamedPolicy } from "../../../../contracts/on-call.ts";
import { type FieldProblem, jsonPointer } from "../../../kernel/problem.ts";
import { policiesIn } from "../entries/entries-in-use.rules.ts";
import { routingProblems } from "../routing/routing-problems.rules.ts";
import { statusAt } from "./alert-row.rules.ts";
import type { HubCommand, HubReplies } from "./commands.ts";
import type { HubWork } from "./hub-work.ts";
import { joinGroups } from "./join-groups.rules.ts";
import { refusal } from "./refusal.ts";
import type { AlertRow, EscalationRow, GroupRow, MemberRow } from "./rows.ts";

const page = 500;

/**
 * Takes a new configuration and sorts all alerts into groups anew. What channels were told is kept, so nothing is
 * told twice; the groups' clocks start again.
 */
export function setConfig(
  work: HubWork,
  { config }: Extract<HubCommand, { type: "set_config" }>,
): HubReplies["set_config"] {
  const policies = new Map(work.store.entries("policy").map(({ id, body }) => [id, body]));
  const problems = routingProblems(config, new Set(policies.keys()));
  problems.push(...missingIntervals(config, policies));
  if (problems.length > 0)
    return refusal("invalid_input", "alerts.bad_routing", "The routing is not valid.", problems);
  const before = dissolveGroups(work);
  work.store.writeConfig(config);
  work.count({ configVersion: work.head.configVersion + 1 });
  eachAlert(work, (alert) => {
    const firing = statusAt(alert, work.now) === "firing";
    const { fingerprint, labels, endsAt } = alert;
    work.store.putSources(fingerprint, firing ? work.routing.inhibitions.sourcesOf(labels) : [], endsAt);
    const members = before.members.get(fingerprint);
    if (firing || alert.flapping || members !== undefined)
      joinGroups(work, alert, (groupKey) => members?.get(groupKey));
  });
  for (const { key, notices } of before.groups) {
    const group = work.group(key);
    if (group !== undefined && notices.length > 0) work.saveGroup({ ...group, notices });
  }
  eachEscalation(work, ({ groupKey }) => work.escalationsToReview.add(groupKey));
  work.publish("routing.changed", "routing", { version: work.head.configVersion });
  return { ok: true };
}

/** Time intervals that a policy in use asks for; without them its steps would be passed over unseen. */
function missingIntervals(config: RoutingConfig, policies: ReadonlyMap<string, NamedPolicy>): FieldProblem[] {
  const used = new Set(policiesIn(config.route));
  return [...policies].flatMap(([id, { name, steps }]) =>
    steps.flatMap(({ onlyIf }): FieldProblem[] => {
      const interval = onlyIf?.interval;
      if (!used.has(id) || interval === undefined || Object.hasOwn(config.timeIntervals, interval)) return [];
      const message = `The escalation policy "${name}" asks for the time interval "${interval}".`;
      return [{ pointer: jsonPointer(["timeIntervals", interval]), code: "missing", message }];
    }),
  );
}

type Verdicts = ReadonlyMap<string, MemberRow["verdicts"]>;

function dissolveGroups(work: HubWork): { groups: GroupRow[]; members: ReadonlyMap<string, Verdicts> } {
  const groups: GroupRow[] = [];
  const members = new Map<string, Map<string, MemberRow["verdicts"]>>();
  for (;;) {
    const some = work.store.groups("", page);
    for (const group of some) {
      groups.push(group);
      for (const { fingerprint, verdicts } of work.store.members(group.key)) {
        const known = members.get(fingerprint) ?? new Map<string, MemberRow["verdicts"]>();
        members.set(fingerprint, known.set(group.key, verdicts));
      }
      work.forgetGroup(group.key);
    }
    if (some.length < page) return { groups, members };
  }
}

function eachAlert(work: HubWork, visit: (alert: AlertRow) => void): void {
  let after = "";
  for (;;) {
    const alerts = work.store.alerts(after, page);
    alerts.forEach(visit);
    const last = alerts.at(-1);
    if (last === undefined || alerts.length < page) return;
    after = last.fingerprint;
  }
}

function eachEscalation(work: HubWork, visit: (row: EscalationRow) => void): void {
  let after = "";
  for (;;) {
    const rows = work.store.escalations(after, page);
    rows.forEach(visit);
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return;
    after = last.groupKey;
  }
}

import { escalate } from "../escalation/escalate.rules.ts";
import type { EscalationEffect, EscalationEvent, EscalationState } from "../escalation/escalation-state.ts";
import { hashParts } from "../hash-parts.ts";
import type { RouteNode } from "../routing/route-tree.rules.ts";
import type { HubWork } from "./hub-work.ts";
import { type GroupMember, readMembers } from "./muting.rules.ts";
import type { EscalationRow, GroupRow } from "./rows.ts";
import { severityOf } from "./severity.rules.ts";
import {
  callBack,
  type EscalationScene,
  nameOf,
  noteAll,
  type Telling,
  tellEnd,
  tellStep,
} from "./tell-escalation.rules.ts";

/**
 * Starts, moves on or ends the escalation of a group by how its members stand. It starts when the group is told
 * (`tick` is the time that this was due) with an alert that nobody takes care of; it rests while somebody takes care of
 * all that fires, and ends when nothing fires any more or all that does is muted.
 */
export function escalateGroup(
  work: HubWork,
  group: GroupRow,
  route: RouteNode,
  members: readonly GroupMember[],
  tick?: number,
): void {
  const row = work.store.findEscalation(group.key);
  const policy = route.escalation === null ? undefined : work.store.findEntry("policy", route.escalation);
  if (row !== undefined && row.policyId !== policy?.id) {
    abandon(work, row, members);
    return;
  }
  if (policy === undefined) return;
  const isOpen = isRouteOpen(work, route);
  const firing = members.filter(({ status, muted }) => isOpen && status === "firing" && muted.length === 0);
  const scene = { group, policy, members, firing };
  if (row === undefined) {
    if (tick !== undefined && !firing.every(isCaredFor)) start(work, scene, tick);
  } else if (firing.length === 0) end(work, row, scene);
  else {
    const event = eventFor(row.state, firing);
    if (event !== undefined) move(work, row, scene, event);
  }
}

/** Looks at the escalations of groups of which an alert began, ended or changed hands in this command. */
export function reviewEscalations(work: HubWork): void {
  for (const key of work.escalationsToReview) {
    const row = work.store.findEscalation(key);
    if (row !== undefined) review(work, row);
  }
}

/** Moves on an escalation whose time has come. */
export function tickEscalation(work: HubWork, due: EscalationRow): void {
  review(work, due);
  const row = work.store.findEscalation(due.groupKey);
  const group = work.group(due.groupKey);
  const policy = row === undefined ? undefined : work.store.findEntry("policy", row.policyId);
  if (row === undefined || group === undefined || policy === undefined) return;
  if (row.due === null || row.due > work.now) return;
  const members = readMembers(work, group.key);
  const firing = members.filter(({ status, muted }) => status === "firing" && muted.length === 0);
  move(work, row, { group, policy, members, firing }, { type: "tick" });
}

function review(work: HubWork, row: EscalationRow): void {
  const group = work.group(row.groupKey);
  const route = group === undefined ? undefined : work.route(group.routeKey);
  if (group === undefined || route === undefined) abandon(work, row, []);
  else escalateGroup(work, group, route, readMembers(work, group.key));
}

function start(work: HubWork, scene: EscalationScene, tick: number): void {
  const { group, policy, firing } = scene;
  const escalationId = hashParts([work.tenantId, group.key, policy.id, tick]).slice(0, 32);
  const severity = severityOf(firing);
  work.publish("escalation.started", group.key, { escalationId, ...nameOf(scene) });
  const row = { groupKey: group.key, policyId: policy.id, state: null, told: [], due: null };
  move(work, row, scene, { type: "fired", escalationId, severity });
}

type Movable = Omit<EscalationRow, "state"> & { readonly state: EscalationState | null };

function move(work: HubWork, row: Movable, scene: EscalationScene, event: EscalationEvent): void {
  const { state, effects } = escalate(row.state, scene.policy.body, event, work.now, work.openIntervals());
  if (state === null) return;
  const due = state.phase === "acked" ? null : state.dueAt;
  let next: EscalationRow = { ...row, state, due };
  for (const telling of tellingsOf(effects)) next = tellStep(work, next, scene, telling);
  for (const effect of effects) {
    if (effect.kind === "stop") stop(work, next, scene, effect.reason);
    else if (effect.kind === "exhausted") {
      noteAll(work, scene.firing, { what: "exhausted", ...nameOf(scene), notified: effect.notified });
      const { escalationId } = state;
      work.publish("escalation.exhausted", row.groupKey, { escalationId, ...nameOf(scene) });
    }
  }
  work.store.putEscalation(next);
}

function end(work: HubWork, row: EscalationRow, scene: EscalationScene): void {
  const reason = scene.members.some(({ status }) => status === "firing") ? "muted" : "resolved";
  if (row.state.phase === "acked")
    noteAll(work, scene.members, { what: "stopped", reason, ...nameOf(scene) });
  else stop(work, row, scene, reason);
  if (reason === "resolved") tellEnd(work, row, scene);
  work.store.deleteEscalation(row.groupKey);
}

/** Ends an escalation that no route asks for any more. */
function abandon(work: HubWork, row: EscalationRow, members: readonly GroupMember[]): void {
  callBack(work, row, "rerouted");
  noteAll(work, members, { what: "stopped", reason: "rerouted", policyId: row.policyId });
  const { escalationId } = row.state;
  work.publish("escalation.stopped", row.groupKey, { escalationId, reason: "rerouted" });
  work.store.deleteEscalation(row.groupKey);
}

function stop(work: HubWork, row: EscalationRow, scene: EscalationScene, reason: string): void {
  callBack(work, row, reason);
  noteAll(work, scene.members, { what: "stopped", reason, ...nameOf(scene) });
  const { escalationId } = row.state;
  work.publish("escalation.stopped", row.groupKey, { escalationId, reason });
}

/** What the members' standing means to an escalation that is under way; undefined when nothing. */
function eventFor(state: EscalationState, firing: readonly GroupMember[]): EscalationEvent | undefined {
  if (firing.every(isCaredFor)) {
    const by = firing.at(-1)?.alert.acknowledged?.by ?? "";
    return state.phase === "acked" ? undefined : { type: "acked", by };
  }
  if (state.phase === "acked") return { type: "unacked" };
  const severity = severityOf(firing);
  const { escalationId } = state;
  return severity === state.severity ? undefined : { type: "fired", escalationId, severity };
}

function tellingsOf(effects: readonly EscalationEffect[]): Telling[] {
  const found: { round: number; step: number; attempt: number; targets: Telling["targets"][number][] }[] = [];
  for (const effect of effects) {
    if (effect.kind !== "notify") continue;
    const { round, step, attempt, target } = effect;
    const last = found.at(-1);
    if (last?.round === round && last.step === step && last.attempt === attempt) last.targets.push(target);
    else found.push({ round, step, attempt, targets: [target] });
  }
  return found;
}

function isCaredFor({ alert }: GroupMember): boolean {
  return alert.acknowledged !== null;
}

function isRouteOpen(work: HubWork, { muteIntervals, activeIntervals }: RouteNode): boolean {
  if (muteIntervals.some((name) => work.interval(name).isOpen)) return false;
  return activeIntervals.length === 0 || activeIntervals.some((name) => work.interval(name).isOpen);
}

import type { InstanceStatus, Verdict } from "../outputs.ts";
import type { Instance } from "./instance.ts";

export interface MachineTimes {
  readonly forMs: number;
  readonly keepFiringMs: number;
}

/**
 * One evaluation of an alert instance at `at`; changes it in place and says what it was before.
 *
 * True while normal makes it pending, or firing at once where `forMs` is 0; pending fires when the condition has held
 * for `forMs`. False while pending makes it normal at once. False while firing makes it recovering, and normal when it
 * stayed false for `keepFiringMs`; true again makes it firing. Unknown and error change nothing, but stop the clock of a
 * pending one. A firing one whose `forMs` was raised beyond what it has held is pending again.
 */
export function runMachine(
  instance: Instance,
  verdict: Verdict,
  at: number,
  { forMs, keepFiringMs }: MachineTimes,
): InstanceStatus {
  const before = instance.status;
  if (verdict === "unknown" || verdict === "error") {
    if (before === "pending") instance.pausedAt ??= at;
    return before;
  }
  if (instance.pausedAt !== null) {
    instance.pausedMs += at - instance.pausedAt;
    instance.pausedAt = null;
  }
  if (verdict === "true") becomeTrue(instance, at, forMs);
  else becomeFalse(instance, at, keepFiringMs);
  return before;
}

function becomeTrue(instance: Instance, at: number, forMs: number): void {
  instance.since = null;
  if (instance.status === "normal") {
    instance.activeAt = at;
    instance.pausedMs = 0;
  }
  const held = at - (instance.activeAt ?? at) - instance.pausedMs;
  if (held >= forMs) {
    if (instance.status !== "firing" && instance.status !== "recovering") instance.firedAt = at;
    instance.status = "firing";
    return;
  }
  if (instance.status === "firing" || instance.status === "recovering") instance.firedAt = null;
  instance.status = "pending";
}

function becomeFalse(instance: Instance, at: number, keepFiringMs: number): void {
  if (instance.status === "pending") {
    settle(instance);
    return;
  }
  if (instance.status === "firing") {
    instance.since = at;
    instance.status = "recovering";
  }
  if (instance.status !== "recovering" || at - (instance.since ?? at) < keepFiringMs) return;
  instance.resolvedAt = at;
  settle(instance);
}

function settle(instance: Instance): void {
  instance.status = "normal";
  instance.activeAt = null;
  instance.since = null;
  instance.pausedMs = 0;
  instance.pausedAt = null;
}

/** When an instance has to be evaluated again although nothing new came; null when never. */
export function machineDue(instance: Instance, { forMs, keepFiringMs }: MachineTimes): number | null {
  if (instance.status === "pending" && instance.pausedAt === null && instance.activeAt !== null) {
    return instance.activeAt + instance.pausedMs + forMs;
  }
  return instance.status === "recovering" && instance.since !== null ? instance.since + keepFiringMs : null;
}

const severity: Readonly<Record<InstanceStatus, number>> = {
  normal: 0,
  recovering: 1,
  pending: 2,
  firing: 3,
};

/** The state of a rule: the greatest of its instances'. Recovering counts as firing, as the alert is still open. */
export function ruleStatus(statuses: Iterable<InstanceStatus>): InstanceStatus {
  let greatest: InstanceStatus = "normal";
  for (const status of statuses) {
    const open = status === "recovering" ? "firing" : status;
    if (severity[open] > severity[greatest]) greatest = open;
  }
  return greatest;
}

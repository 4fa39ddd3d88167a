import type { ActionOccasion, RuleAction } from "../../../../../contracts/rule-actions.ts";
import type { Bindings } from "../../expr/expr.ts";
import { coolsDown, emitEffect, type KeyRun, type Occasion, render } from "../key-run.ts";
import { matchIdOf } from "../match-id.ts";
import {
  type Cause,
  type InstanceStatus,
  orderReasons,
  type SuppressionReason,
  type TransitionReason,
} from "../outputs.ts";
import type { FlappingChange } from "./flapping.rules.ts";
import type { Instance } from "./instance.ts";

/** Says that an instance went from one state to another, and what is to be done about it. */
export function emitTransition(
  run: KeyRun,
  instance: Instance,
  from: InstanceStatus,
  at: number,
  cause: Cause,
  bindings: Bindings,
  why?: TransitionReason,
): void {
  const { rule } = run;
  const reason = why ?? instance.policy ?? "condition";
  const revision = cause.by === "window" ? cause.revision : 0;
  const matchId = matchIdOf(cause, instance.labels, instance.status, revision);
  const annotations = render(rule.annotations, { ...bindings, labels: instance.labels });
  const suppressed: SuppressionReason[] = instance.flapping ? ["flapping"] : [];
  run.emit({
    ...run.common(at),
    kind: "transition",
    from,
    to: instance.status,
    cause,
    matchId,
    reason,
    activeAt: instance.activeAt,
    firedAt: instance.firedAt,
    values: instance.values,
    labels: instance.labels,
    annotations,
    suppressed,
  });
  const occasion = occasionOf(from, instance.status, reason);
  if (occasion === undefined || run.muted) return;
  const said = { at, matchId, values: instance.values, labels: instance.labels, annotations };
  for (const action of rule.definition.actions) act(run, instance, action, { ...said, occasion });
}

function occasionOf(
  from: InstanceStatus,
  to: InstanceStatus,
  reason: TransitionReason,
): ActionOccasion | undefined {
  if (reason === "relabelled") return undefined;
  const wasOpen = from === "firing" || from === "recovering";
  if (to === "firing" && !wasOpen) return reason === "noData" || reason === "error" ? reason : "firing";
  return to === "normal" && wasOpen ? "resolved" : undefined;
}

/** An action about `firing` also hears of alerts that missing data or errors open. */
function listens(action: RuleAction, occasion: ActionOccasion): boolean {
  const opens = occasion === "noData" || occasion === "error";
  return action.on.includes(occasion) || (opens && action.on.includes("firing"));
}

function act(run: KeyRun, instance: Instance, action: RuleAction, occasion: Occasion): void {
  if (!listens(action, occasion.occasion)) return;
  const sentAt = instance.sent?.[action.id];
  const suppressed: SuppressionReason[] = instance.flapping ? ["flapping"] : [];
  if (occasion.occasion === "resolved") {
    const tellsOpening = action.on.some((on) => on === "firing" || on === "noData" || on === "error");
    const told = sentAt !== undefined && sentAt >= (instance.firedAt ?? sentAt);
    if (tellsOpening && !told) suppressed.push("dedupe");
  } else {
    if (coolsDown(run, action, sentAt, occasion.at)) suppressed.push("cooldown");
    if (suppressed.length === 0) instance.sent = { ...instance.sent, [action.id]: occasion.at };
  }
  emitEffect(run, action, occasion, orderReasons(suppressed));
}

/** Says once that an instance began to flap, and once that it ceased to. */
export function emitFlapping(
  run: KeyRun,
  instance: Instance,
  { phase, level }: FlappingChange,
  at: number,
  bindings: Bindings,
): void {
  const { labels, status, firedAt, values } = instance;
  const annotations = render(run.rule.annotations, { ...bindings, labels });
  run.emit({ ...run.common(at), kind: "flapping", phase, level, status, firedAt, labels, annotations });
  const occasion = phase === "started" ? "flappingStarted" : "flappingStopped";
  const matchId = matchIdOf({ by: "timer", at }, labels, occasion);
  for (const action of run.rule.definition.actions) {
    if (!action.on.includes(occasion)) continue;
    emitEffect(run, action, { occasion, at, matchId, values, labels, annotations }, []);
  }
}

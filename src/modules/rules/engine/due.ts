import { earliest } from "./earliest.ts";
import { policyDue } from "./instances/absence.rules.ts";
import type { Instance } from "./instances/instance.ts";
import { machineDue } from "./instances/machine.rules.ts";
import type { KeyRun } from "./key-run.ts";
import { patternDue } from "./pattern-step.ts";
import { continuousDue } from "./windows/continuous.rules.ts";
import { oldestOf } from "./windows/deque.rules.ts";
import { gridDue } from "./windows/grid-step.ts";
import { allowedLateness } from "./windows/limits.ts";
import { nextSession, sessionTrimDue } from "./windows/session.rules.ts";

/**
 * Whether what the condition said holds until something new comes, so that time alone lets an alert fire or resolve.
 * Windows that are evaluated at their end, and polls, say how things stand at those instants only.
 */
export function holdsBetween({ rule }: KeyRun): boolean {
  const { trigger } = rule;
  if (trigger.kind === "window") {
    const { window } = trigger;
    return window.kind === "continuous" || (window.kind === "count" && window.mode === "sliding");
  }
  return trigger.kind !== "metric";
}

/** The next instant, in the time of the rule, at which something happens to this key by time alone; null when nothing. */
export function nextDue(run: KeyRun): number | null {
  const { state } = run;
  return earliest(
    state.held?.[0]?.time ?? null,
    windowDue(run),
    patternDue(run),
    instancesDue(run),
    idleDue(run),
    state.resolveAt ?? null,
  );
}

export function windowDue(run: KeyRun): number | null {
  const { trigger } = run.rule;
  const { window } = run.state;
  if (trigger.kind !== "window" || window === undefined) return null;
  const spec = trigger.window;
  switch (window.kind) {
    case "grid":
      return gridDue(run, trigger);
    case "session": {
      const session = nextSession(window);
      // An event at the very end still belongs to it, so one that is held is taken first.
      const last = session === undefined ? null : session.end - (run.rule.definition.ordered ? 0 : 1);
      return earliest(last, sessionTrimDue(window, allowedLateness(run)));
    }
    case "batch":
      return spec.kind === "count" && spec.maxMs !== undefined && window.n > 0
        ? window.start + spec.maxMs
        : null;
    case "continuous":
      return spec.kind === "continuous" ? continuousDue(window, spec.sizeMs) : null;
    default: {
      const oldest = oldestOf(window);
      return spec.kind === "continuous" && oldest !== null ? oldest + spec.sizeMs : null;
    }
  }
}

export function instancesDue(run: KeyRun): number | null {
  const { noData, error } = run.rule.definition;
  let first: number | null = null;
  for (const id in run.state.instances) {
    const instance = run.state.instances[id];
    if (instance === undefined) continue;
    const machine = goesOn(run, instance) ? machineDue(instance, run.rule.definition) : null;
    first = earliest(first, machine, policyDue(instance, noData, error));
  }
  return first;
}

/** Whether an alert goes on by time: what it was told holds, or a policy keeps it true or false. */
function goesOn(run: KeyRun, instance: Instance): boolean {
  const { noData, error } = run.rule.definition;
  if (instance.policy === null) {
    return holdsBetween(run) && (instance.verdict === "true" || instance.verdict === "false");
  }
  const { use } = instance.policy === "noData" ? noData : error;
  return use === "alert" || use === "normal";
}

/** When events will have been missing for as long as the rule allows. */
export function idleDue({ rule, state }: KeyRun): number | null {
  const { noData, outcome } = rule.definition;
  if (outcome !== "alert" || noData.use === "keepLast" || noData.afterMs === 0) return null;
  if (rule.trigger.kind === "metric" || rule.trigger.kind === "schedule" || rule.trigger.kind === "pattern")
    return null;
  return state.idle === true || state.eventAt === null ? null : state.eventAt + noData.afterMs;
}

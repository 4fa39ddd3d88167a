import type { WindowTrigger } from "../compile/compiled-rule.ts";
import { earliest } from "../earliest.ts";
import { evaluateValues, failed, judgeOne, tell, toValues } from "../evaluate-values.ts";
import { correctLog, keepsLog, logEvaluation } from "../evaluation-log.ts";
import { policyDue } from "../instances/absence.rules.ts";
import type { KeyRun } from "../key-run.ts";
import type { Cause } from "../outputs.ts";
import { aggregateAll } from "./aggregate.rules.ts";
import { markFired, mergedCells, nextWindowEnd, panesOf, trimDue, trimGrid } from "./grid.rules.ts";
import { allowedLateness, capFailure } from "./limits.ts";

/** Whether windows without events are evaluated now: only while they may change an open alert. */
function evaluatesEmpty(run: KeyRun, trigger: WindowTrigger): boolean {
  if (trigger.evaluateEmpty) return true;
  if (run.rule.definition.outcome === "match") return false;
  const { noData, error } = run.rule.definition;
  const again = run.state.window?.kind === "grid" && run.state.window.empty;
  for (const id in run.state.instances) {
    const instance = run.state.instances[id];
    if (instance === undefined || instance.status === "normal") continue;
    const settled = instance.verdict === "true" ? instance.status === "firing" : instance.verdict !== "false";
    if (!again || !settled || policyDue(instance, noData, error) !== null) return true;
  }
  return false;
}

/** When the next window of a grid has to be evaluated: at the last instant in it, or earlier where the rule says so. */
export function gridDue(run: KeyRun, trigger: WindowTrigger): number | null {
  const { window } = run.state;
  if (window?.kind !== "grid" || trigger.grid === undefined) return null;
  const end = nextWindowEnd(trigger.grid, window, evaluatesEmpty(run, trigger));
  const early = earlyDue(run, trigger);
  const trim = trimDue(window, allowedLateness(run));
  return earliest(end === null ? null : end - 1, early === null ? null : early - 1, trim);
}

/** The next early evaluation of the window that ends next; null where there is none before its end. */
function earlyDue(run: KeyRun, trigger: WindowTrigger): number | null {
  const { window } = run.state;
  const every = trigger.earlyEveryMs;
  if (window?.kind !== "grid" || every === undefined || trigger.grid === undefined) return null;
  const end = nextWindowEnd(trigger.grid, window, false);
  if (end === null) return null;
  const start = trigger.grid.startOf(end);
  const last = window.earlyAt !== null && window.earlyAt >= start ? window.earlyAt : start;
  return last + every < end ? last + every : null;
}

/** Evaluates what is due at an instant. */
export function runGridDue(run: KeyRun, trigger: WindowTrigger, due: number, watermark: number): void {
  const { window } = run.state;
  if (window?.kind !== "grid" || trigger.grid === undefined) return;
  const early = earlyDue(run, trigger);
  if (early !== null && early - 1 <= due) {
    window.earlyAt = early;
    evaluateEarly(run, trigger, early);
    return;
  }
  const end = nextWindowEnd(trigger.grid, window, evaluatesEmpty(run, trigger));
  if (end !== null && end - 1 <= due) evaluateGridWindow(run, trigger, end, watermark);
  else trimGrid(trigger.grid, window, due, allowedLateness(run));
}

function evaluateEarly(run: KeyRun, trigger: WindowTrigger, at: number): void {
  const { window } = run.state;
  if (window?.kind !== "grid" || trigger.grid === undefined) return;
  const end = nextWindowEnd(trigger.grid, window, false);
  if (end === null) return;
  const span = { start: trigger.grid.startOf(end), end };
  const cells = mergedCells(trigger.cells, panesOf(trigger.grid, window, end));
  const values = aggregateAll(trigger.aggregates, cells, { start: span.start, end: at });
  const cause: Cause = { by: "window", ...span, revision: 0 };
  const verdict = evaluateValues(run, at, cause, values, span, capFailure(cells));
  const kept = toValues(values);
  if (keepsLog(run)) logEvaluation(run, { at, end, early: true, open: verdict, stay: verdict, values: kept });
  run.emit({ ...run.common(at), kind: "window", ...span, revision: 0, early: true, values: kept, verdict });
}

/** Evaluates a window that has ended, for the first time or again after a late event. */
export function evaluateGridWindow(
  run: KeyRun,
  trigger: WindowTrigger,
  end: number,
  watermark: number,
): void {
  const { window } = run.state;
  if (window?.kind !== "grid" || trigger.grid === undefined) return;
  const span = { start: trigger.grid.startOf(end), end };
  const panes = panesOf(trigger.grid, window, end);
  const cells = mergedCells(trigger.cells, panes);
  window.empty = panes.length === 0;
  const correction = window.firedTo !== null && end <= window.firedTo;
  const allowed = allowedLateness(run);
  const revision = markFired(trigger.grid, window, end, watermark, allowed);
  const values = aggregateAll(trigger.aggregates, cells, span);
  const kept = toValues(values);
  const cause: Cause = { by: "window", ...span, revision };
  const bindings = { ...values, key: run.state.key, labels: run.baseLabels, window: span };
  const failure = capFailure(cells);
  const judgement = failure === undefined ? judgeOne(run, "", bindings, end) : failed(failure);
  const { open, stay } = judgement;
  const entry = { at: end, end, early: false, open, stay, values: kept };
  if (correction && run.rule.definition.outcome === "alert") {
    if (keepsLog(run)) correctLog(run, entry, cause, bindings);
  } else {
    if (keepsLog(run)) logEvaluation(run, entry);
    tell(run, end, cause, bindings, kept, judgement);
  }
  run.emit({
    ...run.common(end),
    kind: "window",
    ...span,
    revision,
    early: false,
    values: kept,
    verdict: open,
  });
}

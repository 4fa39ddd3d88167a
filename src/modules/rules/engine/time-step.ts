import type { MaruEvent } from "../../../../contracts/events.ts";
import { holdsBetween, idleDue, instancesDue, nextDue, windowDue } from "./due.ts";
import { evaluateValues, labelsOf, toValues } from "./evaluate-values.ts";
import { trimLog } from "./evaluation-log.ts";
import { evaluateInstance } from "./instances/evaluate-instance.ts";
import type { Judgement } from "./judge.rules.ts";
import type { KeyRun } from "./key-run.ts";
import { resolveOccurrence } from "./occur.ts";
import type { Cause, Verdict } from "./outputs.ts";
import { passPatternTime, patternDue } from "./pattern-step.ts";
import { aggregateAll } from "./windows/aggregate.rules.ts";
import { runGridDue } from "./windows/grid-step.ts";
import { allowedLateness, capFailure } from "./windows/limits.ts";
import { markSession, nextSession, trimSessions } from "./windows/session.rules.ts";
import { evaluateBatch, evaluateContinuous } from "./windows/window-step.ts";

/** Takes an event that was held back. */
export type Release = (event: MaruEvent) => void;

/** What may happen to one key at one instant; more means that something is due again and again. */
const mostAtOnce = 10_000;

/** Runs what is due up to an instant, in order of time: up to and including it, or only before it. */
export function runDue(
  run: KeyRun,
  upTo: number,
  including: boolean,
  watermark: number,
  release: Release,
): void {
  let last: number | null = null;
  let rounds = 0;
  for (;;) {
    const due = nextDue(run);
    if (due === null || due > upTo || (due === upTo && !including)) break;
    rounds = due === last ? rounds + 1 : 0;
    last = due;
    if (rounds > mostAtOnce) throw new RangeError(`time does not go on from ${due} for ${run.rule.lineage}`);
    runAt(run, due, watermark, release);
  }
  trimLog(run, watermark, allowedLateness(run));
}

function runAt(run: KeyRun, at: number, watermark: number, release: Release): void {
  const { state } = run;
  if (state.held?.[0] !== undefined && state.held[0].time <= at) {
    const event = state.held.shift();
    if (event !== undefined) release(event);
    return;
  }
  state.at = Math.max(state.at ?? at, at);
  if (isDue(windowDue(run), at)) runWindowDue(run, at, watermark);
  else if (isDue(patternDue(run), at)) passPatternTime(run, at);
  else if (isDue(state.resolveAt ?? null, at)) resolveOccurrence(run, at);
  else if (isDue(idleDue(run), at)) goIdle(run, at);
  else if (isDue(instancesDue(run), at)) reevaluate(run, at);
}

function isDue(due: number | null, at: number): boolean {
  return due !== null && due <= at;
}

function runWindowDue(run: KeyRun, at: number, watermark: number): void {
  const { trigger } = run.rule;
  const { window } = run.state;
  if (trigger.kind !== "window" || window === undefined) return;
  switch (window.kind) {
    case "grid":
      runGridDue(run, trigger, at, watermark);
      return;
    case "batch":
      evaluateBatch(run, trigger, at);
      return;
    case "session": {
      const session = nextSession(window);
      if (session === undefined || session.end - 1 > at) {
        trimSessions(window, at, allowedLateness(run));
        return;
      }
      const span = { start: session.start, end: session.end };
      const revision = markSession(window, session, watermark, allowedLateness(run));
      const values = aggregateAll(trigger.aggregates, session.cells, span);
      const cause: Cause = { by: "window", ...span, revision };
      const verdict = evaluateValues(run, span.end, cause, values, span, capFailure(session.cells));
      const said = { ...span, revision, early: false, values: toValues(values), verdict };
      run.emit({ ...run.common(span.end), kind: "window", ...said });
      return;
    }
    default:
      evaluateContinuous(run, trigger, at, { by: "timer", at });
  }
}

const unknown: Judgement = { open: "unknown", stay: "unknown" };

/** Nothing came for as long as the rule allows: every instance has no data since the last event. */
function goIdle(run: KeyRun, at: number): void {
  const { state } = run;
  state.idle = true;
  const since = state.eventAt ?? at;
  const ids = Object.keys(state.instances).filter((id) => !id.endsWith("!absence"));
  for (const id of ids.length > 0 ? ids : [""]) {
    const instance = state.instances[id];
    if (instance !== undefined) instance.unknownSince ??= since;
    const bindings = { key: state.key, labels: instance?.labels ?? run.baseLabels };
    const labels = () => instance?.labels ?? labelsOf(run, bindings);
    const values = instance?.values ?? {};
    evaluateInstance(run, {
      id,
      labels,
      judgement: unknown,
      at,
      cause: { by: "timer", at },
      bindings,
      values,
    });
    const made = state.instances[id];
    // One that was made now has waited since the last event too; its policy is due at once.
    if (instance === undefined && made !== undefined && made.unknownSince !== null) made.unknownSince = since;
  }
}

/** Evaluates again what an alert was last told, because its time has come. */
function reevaluate(run: KeyRun, at: number): void {
  const { state, rule } = run;
  if (rule.trigger.kind === "window" && holdsBetween(run) && state.idle !== true) {
    evaluateContinuous(run, rule.trigger, at, { by: "timer", at });
    return;
  }
  for (const [id, instance] of Object.entries(state.instances)) {
    if (id.endsWith("!absence")) continue;
    const judgement = said(instance.verdict);
    const bindings = { key: state.key, labels: instance.labels, ...instance.values };
    const { labels, values } = instance;
    evaluateInstance(run, {
      id,
      labels: () => labels,
      judgement,
      at,
      cause: { by: "timer", at },
      bindings,
      values,
    });
  }
}

function said(verdict: Verdict): Judgement {
  return { open: verdict, stay: verdict };
}

import type { MaruEvent } from "../../../../contracts/events.ts";
import type { CompiledRule } from "./compile/compiled-rule.ts";
import { holdsBetween, nextDue } from "./due.ts";
import { stepEdit } from "./edit-step.ts";
import { stepFilter } from "./filter-step.ts";
import { restorePending } from "./instances/restore.rules.ts";
import { KeyRun, noteChain } from "./key-run.ts";
import { occur } from "./occur.ts";
import type { Output } from "./outputs.ts";
import { stepPattern } from "./pattern-step.ts";
import { type SampleRow, stepFailure, stepSamples } from "./samples-step.ts";
import type { KeyState } from "./state.ts";
import { runDue } from "./time-step.ts";
import { addTrace } from "./trace.rules.ts";
import { stepWindow } from "./windows/window-step.ts";

/** What happens to one key. Instants are epoch milliseconds in the time of the rule. */
export type StepInput =
  /** An event of this key. `watermark` is the rule's before it; `time` is never at or before it but for late events. */
  | { readonly kind: "event"; readonly event: MaruEvent; readonly time: number; readonly watermark: number }
  /** No event up to the watermark will come any more, but for late ones. */
  | { readonly kind: "advance"; readonly watermark: number }
  /** A poll's result: the series, or that it failed. */
  | { readonly kind: "samples"; readonly at: number; readonly rows: readonly SampleRow[] }
  | { readonly kind: "failure"; readonly at: number; readonly detail: string }
  /** A schedule came due. */
  | { readonly kind: "run"; readonly scheduledFor: number }
  /** Evaluation goes on after an outage in which data was missing. */
  | { readonly kind: "resume"; readonly downAt: number; readonly upAt: number }
  /** The rule was edited and keeps its state. With another name its open alerts are closed and opened under the new one. */
  | { readonly kind: "edited"; readonly at: number; readonly renamed?: boolean };

export interface StepResult {
  readonly state: KeyState;
  readonly outputs: readonly Output[];
  readonly timers: {
    /** When time alone makes something happen, in the time of the rule; null when never. */
    readonly due: number | null;
  };
}

/** How long a pending alert that is restored after an outage waits at least. */
const restoreGraceMs = 10 * 60_000;
/** Events that one key holds back. */
export const heldCap = 1_000;

/**
 * One step of one key of a rule. Deterministic: nothing but the arguments decides. The state given is consumed: it is
 * changed in place and answered. It is plain JSON between any two steps.
 */
export function step(rule: CompiledRule, state: KeyState, input: StepInput, now: number): StepResult {
  const run = new KeyRun(rule, state, now);
  switch (input.kind) {
    case "event":
      onEvent(run, input.event, input.time, input.watermark);
      break;
    case "advance":
      // To an event that was held, the watermark is just before it: it is not late.
      runDue(run, input.watermark, true, input.watermark, (event) =>
        apply(run, event, event.time, event.time - 1),
      );
      break;
    case "samples":
      advanceTo(run, input.at);
      stepSamples(run, input.rows, input.at);
      break;
    case "failure":
      advanceTo(run, input.at);
      stepFailure(run, input.detail, input.at);
      break;
    case "run": {
      const { scheduledFor } = input;
      advanceTo(run, scheduledFor);
      const bindings = { key: state.key, labels: run.baseLabels, scheduledFor };
      occur(run, scheduledFor, { by: "schedule", scheduledFor }, bindings, { scheduledFor });
      break;
    }
    case "resume": {
      const toleranceMs = rule.definition.outageToleranceMs;
      if (!missesData(rule) && input.upAt - input.downAt <= toleranceMs) break;
      const outage = { downAt: input.downAt, upAt: input.upAt, toleranceMs, graceMs: restoreGraceMs };
      for (const instance of Object.values(state.instances))
        restorePending(instance, rule.definition.forMs, outage);
      break;
    }
    case "edited":
      stepEdit(run, input.at, input.renamed === true);
      break;
  }
  return { state, outputs: run.outputs, timers: { due: nextDue(run) } };
}

/** Polls that did not happen are data that is missing; events that came late were only late. */
const missesData = ({ trigger }: CompiledRule): boolean => trigger.kind === "metric";

/** When time alone makes something happen to a key; null when never. */
export function dueOf(rule: CompiledRule, state: KeyState, now: number): number | null {
  return nextDue(new KeyRun(rule, state, now));
}

function advanceTo(run: KeyRun, at: number): void {
  runDue(run, at, false, at, () => undefined);
  run.state.at = Math.max(run.state.at ?? at, at);
}

function onEvent(run: KeyRun, event: MaruEvent, time: number, watermark: number): void {
  const { state, rule } = run;
  state.touchedAt = run.now;
  const waits = rule.definition.ordered || rule.trigger.kind === "pattern";
  if (time > watermark) {
    if (waits) hold(run, event, time);
    else apply(run, event, time, watermark);
    return;
  }
  const corrects =
    state.window === undefined || state.window.kind === "grid" || state.window.kind === "session";
  const takes =
    rule.definition.lateness.policy === "update" && (!waits || (rule.trigger.kind === "window" && corrects));
  if (!takes) leaveOut(run, event, time, watermark, "late");
  else apply(run, event, time, watermark);
}

/** Keeps an event until the watermark has passed it, in the order of (time, sequence, arrival). */
function hold(run: KeyRun, event: MaruEvent, time: number): void {
  const { state } = run;
  state.held ??= [];
  if (state.held.length >= heldCap) {
    run.emit({
      ...run.common(time),
      kind: "health",
      code: "heldCap",
      detail: `More than ${heldCap} events wait.`,
    });
    return;
  }
  const waiting = time === event.time ? event : { ...event, time };
  let i = state.held.length;
  while (i > 0 && isAfter(state.held[i - 1], waiting)) i--;
  state.held.splice(i, 0, waiting);
}

function isAfter(a: MaruEvent | undefined, b: MaruEvent): boolean {
  return a !== undefined && compareEvents(a, b) > 0;
}

/** The order of events: event time, the sender's sequence as text, the order of arrival. */
export function compareEvents(a: MaruEvent, b: MaruEvent): number {
  if (a.time !== b.time) return a.time - b.time;
  const [x, y] = [a.sequence ?? "", b.sequence ?? ""];
  return x === y ? a.ingestseq - b.ingestseq : x < y ? -1 : 1;
}

/** Takes an event. Where its place in time matters, what was due before it happens first; one that is behind is stale. */
function apply(run: KeyRun, event: MaruEvent, time: number, watermark: number): void {
  const { state, rule } = run;
  const { trigger, definition } = rule;
  const stateful = definition.outcome === "alert" || trigger.kind !== "filter";
  if (stateful && holdsBetween(run)) {
    const behind = state.at !== null && time < state.at;
    if (behind && trigger.kind !== "window") {
      leaveOut(run, event, time, watermark, "stale");
      return;
    }
    if (!behind) runDue(run, time, false, watermark, () => undefined);
    state.at = Math.max(state.at ?? time, time);
  }
  state.eventAt = Math.max(state.eventAt ?? time, time);
  state.idle = false;
  const at = holdsBetween(run) ? Math.max(state.at ?? time, time) : time;
  if (trigger.kind === "filter") {
    if (time <= watermark) tellLate(run, event, time, watermark, true);
    stepFilter(run, event, time);
  }
  if (trigger.kind !== "filter") noteChain(run, event, time);
  if (trigger.kind === "pattern") stepPattern(run, event, time);
  else if (trigger.kind === "window") {
    const placing = stepWindow(run, trigger, event, time, at, watermark);
    if (placing === "late") leaveOut(run, event, time, watermark, "late");
    else if (placing !== "taken") addTrace(state.trace, time, null, null, "noWindow", null);
    else if (time <= watermark) tellLate(run, event, time, watermark, true);
  }
}

function leaveOut(
  run: KeyRun,
  event: MaruEvent,
  time: number,
  watermark: number,
  guard: "late" | "stale",
): void {
  addTrace(run.state.trace, time, null, null, guard, null);
  tellLate(run, event, time, watermark, false);
}

function tellLate(run: KeyRun, event: MaruEvent, at: number, watermark: number, used: boolean): void {
  const { policy } = run.rule.definition.lateness;
  const ref = { source: event.source, id: event.id };
  run.emit({ ...run.common(at), kind: "late", policy, used, event: ref, watermark });
}

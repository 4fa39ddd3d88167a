import type { MaruEvent } from "../../../../../contracts/events.ts";
import type { WindowSpec } from "../../../../../contracts/rule-windows.ts";
import type { WindowTrigger } from "../compile/compiled-rule.ts";
import { evaluateValues, toValues } from "../evaluate-values.ts";
import { numberOf } from "../filter-step.ts";
import type { KeyRun } from "../key-run.ts";
import type { Cause } from "../outputs.ts";
import { addTrace } from "../trace.rules.ts";
import { aggregateAll, type Span } from "./aggregate.rules.ts";
import type { Cell, CellInput, EventOrder } from "./cell.ts";
import { addToContinuous, continuousCells, expireContinuous } from "./continuous.rules.ts";
import { dequeCap, expireDeque, newDeque, pushToDeque, shiftDeque } from "./deque.rules.ts";
import { addToCells, addToGrid, mergedCells, newCells, newGridState } from "./grid.rules.ts";
import { evaluateGridWindow } from "./grid-step.ts";
import { allowedLateness, capFailure } from "./limits.ts";
import { readInputs } from "./read-inputs.ts";
import { addToSession } from "./session.rules.ts";
import type { BatchState, WindowState } from "./window-state.ts";

/** Where an event of a window rule went. */
export type Placing = "taken" | "late" | "noWindow" | "badGap";

export function newWindowState(window: WindowSpec): WindowState {
  switch (window.kind) {
    case "continuous":
      return window.exact ? newDeque() : { kind: "continuous", panes: [] };
    case "session":
      return { kind: "session", sessions: [] };
    case "count":
      return window.mode === "sliding" ? newDeque() : { kind: "batch", n: 0, start: 0, end: 0, cells: [] };
    default:
      return newGridState();
  }
}

/** One event of a window rule at its time; `at` is the key's time, never before it. */
export function stepWindow(
  run: KeyRun,
  trigger: WindowTrigger,
  event: MaruEvent,
  time: number,
  at: number,
  watermark: number,
): Placing {
  const { state } = run;
  state.window ??= newWindowState(trigger.window);
  const order: EventOrder = { at: time, sequence: event.sequence ?? "", seq: event.ingestseq };
  const bindings = { event, data: event.data };
  const inputs = readInputs(trigger.cells, bindings);
  const { window } = state;
  const cause: Cause = { by: "events", events: [{ source: event.source, id: event.id }] };
  switch (window.kind) {
    case "grid": {
      if (trigger.grid === undefined) return "noWindow";
      const allowed = allowedLateness(run);
      const placing = addToGrid(trigger.grid, window, trigger.cells, inputs, order, watermark, allowed);
      if (!placing.taken) return placing.why === "late" ? "late" : "noWindow";
      addTrace(state.trace, at, null, null, "collecting", null);
      for (const end of placing.correct) evaluateGridWindow(run, trigger, end, watermark);
      return "taken";
    }
    case "session": {
      const gapMs = gapOf(trigger, event);
      if (gapMs === undefined) return "badGap";
      const { maxMs } = trigger.window as WindowSpec & { kind: "session" };
      const allowed = allowedLateness(run);
      const taken = addToSession(window, trigger.cells, inputs, order, gapMs, maxMs, watermark, allowed);
      if (taken) addTrace(state.trace, at, null, null, "collecting", null);
      return taken ? "taken" : "late";
    }
    case "batch":
      addToBatch(run, trigger, window, inputs, order, at, cause);
      return "taken";
    case "continuous":
      addToContinuous(window, trigger.cells, inputs, order, sizeOf(trigger));
      evaluateContinuous(run, trigger, at, cause);
      return "taken";
    default:
      addToDeque(run, trigger, inputs, order);
      evaluateContinuous(run, trigger, at, cause);
      return "taken";
  }
}

function sizeOf({ window }: WindowTrigger): number {
  return window.kind === "continuous" ? window.sizeMs : 0;
}

function gapOf({ window, gap }: WindowTrigger, event: MaruEvent): number | undefined {
  if (window.kind !== "session") return undefined;
  if (typeof window.gap === "number") return window.gap;
  const value = numberOf(gap?.evaluate({ event, data: event.data }));
  return value !== undefined && value > 0 && Number.isFinite(value) ? Math.ceil(value) : undefined;
}

function addToDeque(
  run: KeyRun,
  trigger: WindowTrigger,
  inputs: readonly CellInput[],
  order: EventOrder,
): void {
  const { window } = run.state;
  if (window?.kind !== "deque") return;
  if (trigger.window.kind === "continuous")
    expireDeque(window, trigger.cells, order.at - trigger.window.sizeMs);
  const dropped = pushToDeque(window, trigger.cells, inputs, order);
  if (trigger.window.kind === "count") {
    if (window.size > trigger.window.size)
      shiftDeque(window, trigger.cells, window.size - trigger.window.size);
  } else if (dropped !== undefined) window.truncatedUntil = dropped + sizeOf(trigger);
}

function addToBatch(
  run: KeyRun,
  trigger: WindowTrigger,
  batch: BatchState,
  inputs: readonly CellInput[],
  order: EventOrder,
  at: number,
  cause: Cause,
): void {
  if (trigger.window.kind !== "count") return;
  const { maxMs } = trigger.window;
  if (batch.n > 0 && maxMs !== undefined && order.at >= batch.start + maxMs) {
    evaluateBatch(run, trigger, batch.start + maxMs);
  }
  if (batch.n === 0) {
    batch.cells = newCells(trigger.cells);
    batch.start = order.at;
    batch.end = order.at;
  }
  batch.n += 1;
  batch.start = Math.min(batch.start, order.at);
  batch.end = Math.max(batch.end, order.at);
  addToCells(batch.cells, trigger.cells, inputs, order);
  if (batch.n >= trigger.window.size) evaluateBatch(run, trigger, at, cause);
  else addTrace(run.state.trace, at, null, null, "collecting", null);
}

/** Ends the batch that is being filled. */
export function evaluateBatch(run: KeyRun, trigger: WindowTrigger, at: number, by?: Cause): void {
  const batch = run.state.window;
  if (batch?.kind !== "batch" || batch.n === 0) return;
  const span = { start: batch.start, end: batch.end };
  const cause = by ?? { by: "window", ...span, revision: 0 };
  const { cells } = batch;
  batch.n = 0;
  batch.cells = [];
  const values = aggregateAll(trigger.aggregates, cells, span);
  const verdict = evaluateValues(run, at, cause, values, span, capFailure(cells));
  run.emit({
    ...run.common(at),
    kind: "window",
    ...span,
    revision: 0,
    early: false,
    values: toValues(values),
    verdict,
  });
}

/** Evaluates what the window of this instant holds. */
export function evaluateContinuous(run: KeyRun, trigger: WindowTrigger, at: number, cause: Cause): void {
  const { window } = run.state;
  const { window: spec } = trigger;
  let cells: Cell[];
  let span: Span;
  let failure: string | undefined;
  if (window?.kind === "continuous") {
    expireContinuous(window, at, sizeOf(trigger));
    cells = continuousCells(window, trigger.cells);
    span = { start: at - sizeOf(trigger), end: at };
  } else if (window?.kind === "deque") {
    if (spec.kind === "continuous") expireDeque(window, trigger.cells, at - spec.sizeMs);
    cells = mergedCells(trigger.cells, window.chunks);
    span = {
      start: spec.kind === "continuous" ? at - spec.sizeMs : (window.chunks[0]?.events[0]?.[0] ?? at),
      end: at,
    };
    if (window.truncatedUntil !== null) {
      if (at < window.truncatedUntil) failure = `The window holds more than ${dequeCap} events.`;
      else window.truncatedUntil = null;
    }
  } else return;
  const values = aggregateAll(trigger.aggregates, cells, span);
  evaluateValues(run, at, cause, values, span, failure ?? capFailure(cells));
}

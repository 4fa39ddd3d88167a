import type { CellSpec } from "../compile/compiled-rule.ts";
import { addToCell, type Cell, type CellInput, type EventOrder, mergeCell, newCell } from "./cell.ts";
import type { Grid } from "./grid.ts";
import type { GridState, Pane } from "./window-state.ts";

export function newGridState(): GridState {
  return { kind: "grid", panes: [], firedTo: null, fired: [], earlyAt: null, empty: false };
}

export function newCells(specs: readonly CellSpec[]): Cell[] {
  return specs.map(newCell);
}

export function addToCells(
  cells: readonly Cell[],
  specs: readonly CellSpec[],
  inputs: readonly CellInput[],
  order: EventOrder,
): void {
  for (let i = 0; i < specs.length; i++) {
    const cell = cells[i];
    const spec = specs[i];
    if (cell !== undefined && spec !== undefined) addToCell(cell, spec, inputs[i], order);
  }
}

/** What the cells of several panes make together. */
export function mergedCells(
  specs: readonly CellSpec[],
  panes: readonly { readonly cells: readonly Cell[] }[],
): Cell[] {
  const total = newCells(specs);
  for (const { cells } of panes) {
    for (let i = 0; i < total.length; i++) {
      const into = total[i];
      const from = cells[i];
      if (into !== undefined && from !== undefined) mergeCell(into, from);
    }
  }
  return total;
}

/** Where an event went. `correct` are windows that have ended and now hold more; `none` lies in no window. */
export type GridPlacing =
  | { readonly taken: true; readonly correct: readonly number[] }
  | { readonly taken: false; readonly why: "late" | "none" };

/**
 * Puts an event into its pane, in place. An event is late when all its windows ended `allowedMs` or more before the
 * watermark.
 */
export function addToGrid(
  grid: Grid,
  state: GridState,
  specs: readonly CellSpec[],
  inputs: readonly CellInput[],
  order: EventOrder,
  watermark: number,
  allowedMs: number,
): GridPlacing {
  const span = grid.paneOf(order.at);
  const last = grid.lastEnd(span);
  if (last === null) return { taken: false, why: "none" };
  if (last - 1 + allowedMs <= watermark) return { taken: false, why: "late" };
  addToCells(paneFor(state, span.start, span.end, specs).cells, specs, inputs, order);
  return { taken: true, correct: endedWindows(grid, span, watermark, allowedMs) };
}

function endedWindows(
  grid: Grid,
  pane: { start: number; end: number },
  watermark: number,
  allowedMs: number,
): number[] {
  const ended: number[] = [];
  let end = grid.firstEnd(pane, Math.max(pane.start, watermark - allowedMs));
  while (end !== null && end - 1 <= watermark) {
    if (end - 1 + allowedMs > watermark) ended.push(end);
    end = grid.firstEnd(pane, end);
  }
  return ended;
}

function paneFor(state: GridState, start: number, end: number, specs: readonly CellSpec[]): Pane {
  const { panes } = state;
  let i = panes.length;
  while (i > 0 && (panes[i - 1]?.start ?? start) > start) i--;
  const found = panes[i - 1];
  if (found?.start === start) return found;
  const pane = { start, end, cells: newCells(specs) };
  panes.splice(i, 0, pane);
  return pane;
}

/**
 * The end of the next window to evaluate; null when none is waiting. Windows without events wait only when `empties`.
 */
export function nextWindowEnd(grid: Grid, state: GridState, empties: boolean): number | null {
  let next: number | null = null;
  for (const pane of state.panes) {
    const end = grid.firstEnd(pane, state.firedTo);
    if (end !== null && (next === null || end < next)) next = end;
  }
  if (!empties || state.firedTo === null) return next;
  const empty = grid.nextEnd(state.firedTo);
  return next === null || empty < next ? empty : next;
}

export function panesOf(grid: Grid, state: GridState, end: number): Pane[] {
  const start = grid.startOf(end);
  return state.panes.filter((pane) => pane.start >= start && pane.start < end);
}

/** Marks a window as evaluated, in place, and lets go of what nobody needs. Says which revision it was. */
export function markFired(
  grid: Grid,
  state: GridState,
  end: number,
  watermark: number,
  allowedMs: number,
): number {
  const known = state.fired.find(([fired]) => fired === end);
  const revision = known === undefined ? 0 : known[1] + 1;
  if (known !== undefined) known[1] = revision;
  else if (allowedMs > 0) state.fired.push([end, 0]);
  if (state.firedTo === null || end > state.firedTo) state.firedTo = end;
  trimGrid(grid, state, watermark, allowedMs);
  return revision;
}

/** Lets go of panes that no window needs and no late event may correct any more, in place. */
export function trimGrid(grid: Grid, state: GridState, watermark: number, allowedMs: number): void {
  const { firedTo } = state;
  state.fired = state.fired.filter(([fired]) => fired - 1 + allowedMs > watermark);
  state.panes = state.panes.filter((pane) => {
    const last = grid.lastEnd(pane);
    return last !== null && (firedTo === null || last > firedTo || last - 1 + allowedMs > watermark);
  });
}

/** When something that was kept for late events may go; null when nothing is kept. */
export function trimDue(state: GridState, allowedMs: number): number | null {
  let first: number | null = null;
  for (const [end] of state.fired) if (first === null || end < first) first = end;
  return first === null ? null : first - 1 + allowedMs;
}

import type { CellSpec } from "../compile/compiled-rule.ts";
import type { Cell, CellInput, EventOrder } from "./cell.ts";
import { addToCells, mergedCells, newCells } from "./grid.rules.ts";
import type { ContinuousState, Pane } from "./window-state.ts";

/** Panes that a continuous window is kept in. */
const paneCount = 60;

export function paneWidth(sizeMs: number): number {
  return Math.max(1, Math.ceil(sizeMs / paneCount));
}

/** The start of the pane `(start, start + width]` that an instant lies in. */
function paneStart(at: number, width: number): number {
  return (Math.ceil(at / width) - 1) * width;
}

/** Puts an event into its pane, in place. */
export function addToContinuous(
  state: ContinuousState,
  specs: readonly CellSpec[],
  inputs: readonly CellInput[],
  order: EventOrder,
  sizeMs: number,
): void {
  const width = paneWidth(sizeMs);
  const start = paneStart(order.at, width);
  const pane = paneAt(state, start, width, specs);
  if (pane !== state.panes.at(-1)) delete state.sealed;
  addToCells(pane.cells, specs, inputs, order);
}

/** What the window holds. The panes that no longer change are put together once. */
export function continuousCells(state: ContinuousState, specs: readonly CellSpec[]): Cell[] {
  const { panes } = state;
  const last = panes.at(-1);
  const first = panes[0];
  if (last === undefined || first === undefined || panes.length < 3) return mergedCells(specs, panes);
  const count = panes.length - 1;
  if (state.sealed?.first !== first.start || state.sealed.count !== count) {
    state.sealed = { first: first.start, count, cells: mergedCells(specs, panes.slice(0, -1)) };
  }
  return mergedCells(specs, [state.sealed, last]);
}

function paneAt(state: ContinuousState, start: number, width: number, specs: readonly CellSpec[]): Pane {
  const { panes } = state;
  let i = panes.length;
  while (i > 0 && (panes[i - 1]?.start ?? start) > start) i--;
  const found = panes[i - 1];
  if (found?.start === start) return found;
  const pane = { start, end: start + width, cells: newCells(specs) };
  panes.splice(i, 0, pane);
  return pane;
}

/** Lets go of the panes that the window of an instant no longer covers, in place. */
export function expireContinuous(state: ContinuousState, at: number, sizeMs: number): void {
  const width = paneWidth(sizeMs);
  const oldest = paneStart(at, width) - (paneCount - 1) * width;
  while ((state.panes[0]?.start ?? oldest) < oldest) state.panes.shift();
}

/** When the oldest pane leaves the window; null when it is empty. */
export function continuousDue(state: ContinuousState, sizeMs: number): number | null {
  const first = state.panes[0];
  return first === undefined ? null : first.start + paneCount * paneWidth(sizeMs) + 1;
}

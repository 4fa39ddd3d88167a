import type { CellSpec } from "../compile/compiled-rule.ts";
import type { CellInput, EventOrder } from "./cell.ts";
import { addToCells, newCells } from "./grid.rules.ts";
import type { Chunk, DequeState, Kept, KeptInput } from "./window-state.ts";

/** Events that one key keeps whole. */
export const dequeCap = 10_000;
const chunkSize = 128;

export function newDeque(): DequeState {
  return { kind: "deque", chunks: [], size: 0, truncatedUntil: null };
}

/** Adds an event in its place by time, in place. Beyond the cap the oldest goes; its time is answered. */
export function pushToDeque(
  state: DequeState,
  specs: readonly CellSpec[],
  inputs: readonly CellInput[],
  order: EventOrder,
): number | undefined {
  const chunk = chunkFor(state, specs, order);
  let i = chunk.events.length;
  while (i > 0 && isAfter(chunk.events[i - 1], order)) i--;
  chunk.events.splice(i, 0, [order.at, order.sequence, order.seq, inputs.map(kept)]);
  addToCells(chunk.cells, specs, inputs, order);
  state.size += 1;
  if (state.size <= dequeCap) return undefined;
  const oldest = state.chunks[0]?.events[0]?.[0];
  shiftDeque(state, specs, 1);
  return oldest;
}

function chunkFor(state: DequeState, specs: readonly CellSpec[], order: EventOrder): Chunk {
  const { chunks } = state;
  let i = chunks.length - 1;
  while (i > 0 && isAfter(chunks[i]?.events[0], order)) i--;
  const found = chunks[i];
  if (found !== undefined && (found.events.length < chunkSize || i < chunks.length - 1)) return found;
  const chunk = { events: [], cells: newCells(specs) };
  chunks.push(chunk);
  return chunk;
}

function isAfter(event: Kept | undefined, order: EventOrder): boolean {
  if (event === undefined || event[0] !== order.at) return event !== undefined && event[0] > order.at;
  return event[1] === order.sequence ? event[2] > order.seq : event[1] > order.sequence;
}

/** Lets go of the `count` oldest events, in place. */
export function shiftDeque(state: DequeState, specs: readonly CellSpec[], count: number): void {
  let left = count;
  while (left > 0) {
    const chunk = state.chunks[0];
    if (chunk === undefined) return;
    if (chunk.events.length <= left) {
      left -= chunk.events.length;
      state.size -= chunk.events.length;
      state.chunks.shift();
      continue;
    }
    chunk.events.splice(0, left);
    state.size -= left;
    left = 0;
    rebuild(chunk, specs);
  }
}

/** Lets go of the events at or before an instant, in place. */
export function expireDeque(state: DequeState, specs: readonly CellSpec[], upTo: number): void {
  let count = 0;
  for (const { events } of state.chunks) {
    const staying = events.findIndex(([at]) => at > upTo);
    count += staying < 0 ? events.length : staying;
    if (staying >= 0) break;
  }
  if (count > 0) shiftDeque(state, specs, count);
}

export function oldestOf(state: DequeState): number | null {
  return state.chunks[0]?.events[0]?.[0] ?? null;
}

function rebuild(chunk: Chunk, specs: readonly CellSpec[]): void {
  chunk.cells = newCells(specs);
  for (const [at, sequence, seq, inputs] of chunk.events) {
    addToCells(chunk.cells, specs, inputs.map(taken), { at, sequence, seq });
  }
}

function kept(input: CellInput): KeptInput {
  return input === undefined ? [] : input;
}

function taken(input: KeptInput): CellInput {
  return Array.isArray(input) ? undefined : (input as Exclude<KeptInput, readonly []>);
}

import type { CellSpec } from "../compile/compiled-rule.ts";
import type { CellInput, EventOrder } from "./cell.ts";
import { addToCells, mergedCells, newCells } from "./grid.rules.ts";
import type { Session, SessionState } from "./window-state.ts";

/**
 * Puts an event into the session it belongs to, in place: `[at, at + gap)`, united with every session that it meets or
 * touches. With a longest length an event beyond it begins a session of its own. False when the session ended
 * `allowedMs` or more before the watermark.
 */
export function addToSession(
  state: SessionState,
  specs: readonly CellSpec[],
  inputs: readonly CellInput[],
  order: EventOrder,
  gapMs: number,
  maxMs: number | undefined,
  watermark: number,
  allowedMs: number,
): boolean {
  const own: Session = {
    start: order.at,
    end: order.at + gapMs,
    cells: newCells(specs),
    revision: null,
    due: true,
  };
  const met = state.sessions.filter((session) => touches(session, own) && fits(session, own, maxMs));
  const united = met.reduce((all, session) => unite(specs, all, session, maxMs), own);
  if (united.end - 1 + allowedMs <= watermark) return false;
  addToCells(united.cells, specs, inputs, order);
  state.sessions = [...state.sessions.filter((session) => !met.includes(session)), united].sort(
    (a, b) => a.start - b.start,
  );
  return true;
}

function touches(a: Session, b: Session): boolean {
  return a.start <= b.end && b.start <= a.end;
}

function fits(session: Session, own: Session, maxMs: number | undefined): boolean {
  if (maxMs === undefined) return true;
  return own.start >= session.start ? own.start < session.start + maxMs : session.end <= own.start + maxMs;
}

function unite(specs: readonly CellSpec[], a: Session, b: Session, maxMs: number | undefined): Session {
  const start = Math.min(a.start, b.start);
  const end = Math.max(a.end, b.end);
  return {
    start,
    end: maxMs === undefined ? end : Math.min(end, start + maxMs),
    cells: mergedCells(specs, [a, b]),
    revision:
      a.revision === null || b.revision === null
        ? (a.revision ?? b.revision)
        : Math.max(a.revision, b.revision),
    due: true,
  };
}

/** The next session to evaluate: the one that ends first of those with events that no evaluation has seen. */
export function nextSession(state: SessionState): Session | undefined {
  let next: Session | undefined;
  for (const session of state.sessions) {
    if (session.due && (next === undefined || session.end < next.end)) next = session;
  }
  return next;
}

/** Marks a session as evaluated and lets go of those that nothing may correct any more, in place. */
export function markSession(
  state: SessionState,
  session: Session,
  watermark: number,
  allowedMs: number,
): number {
  session.revision = session.revision === null ? 0 : session.revision + 1;
  session.due = false;
  trimSessions(state, watermark, allowedMs);
  return session.revision;
}

/** Lets go of evaluated sessions that no late event may correct any more, in place. */
export function trimSessions(state: SessionState, watermark: number, allowedMs: number): void {
  state.sessions = state.sessions.filter(({ due, end }) => due || end - 1 + allowedMs > watermark);
}

/** When a session that was kept for late events may go; null when none is kept. */
export function sessionTrimDue(state: SessionState, allowedMs: number): number | null {
  let first: number | null = null;
  for (const { due, end } of state.sessions) if (!due && (first === null || end < first)) first = end;
  return first === null ? null : first - 1 + allowedMs;
}

import type { Cell, CellInput } from "./cell.ts";

/** A stretch of the time line with what was accumulated in it, one cell per input. */
export interface Pane {
  readonly start: number;
  readonly end: number;
  readonly cells: Cell[];
}

/** Tumbling, sliding and calendar windows. */
export interface GridState {
  readonly kind: "grid";
  /** In order of time; only those that a window still needs. */
  panes: Pane[];
  /** Every window that ends up to here has been evaluated; null before the first. */
  firedTo: number | null;
  /** While late events may still correct them: windows that were evaluated, and how often corrected. */
  fired: [end: number, revision: number][];
  /** The latest evaluation before the end. */
  earlyAt: number | null;
  /** The window that was evaluated last held nothing. */
  empty: boolean;
}

/** The stretch `(t − size, t]`, in panes `(start, end]`. */
export interface ContinuousState {
  readonly kind: "continuous";
  panes: Pane[];
  /** All panes but the last together, as long as they stay as they are: the first of them, and how many. */
  sealed?: { readonly first: number; readonly count: number; readonly cells: Cell[] };
}

/** An input that stays JSON: an empty list stands for nothing. */
export type KeptInput = Exclude<CellInput, undefined> | readonly [];

/** One event kept whole: its place in the order and its inputs. */
export type Kept = [at: number, sequence: string, seq: number, inputs: KeptInput[]];

/** Events kept whole, with what was accumulated of them. */
export interface Chunk {
  readonly events: Kept[];
  cells: Cell[];
}

/** Events kept whole, in chunks with what was accumulated of each chunk. */
export interface DequeState {
  readonly kind: "deque";
  chunks: Chunk[];
  size: number;
  /** Events were dropped because there were too many; complete again after this. */
  truncatedUntil: number | null;
}

export interface Session {
  start: number;
  end: number;
  cells: Cell[];
  /** How often it was evaluated, from 0; null when it was not. */
  revision: number | null;
  /** It holds events that no evaluation has seen. */
  due: boolean;
}

export interface SessionState {
  readonly kind: "session";
  /** In order of time, apart from each other. */
  sessions: Session[];
}

/** The batch that is being filled. */
export interface BatchState {
  readonly kind: "batch";
  n: number;
  start: number;
  end: number;
  cells: Cell[];
}

export type WindowState = GridState | ContinuousState | DequeState | SessionState | BatchState;

import type { Cell } from "../windows/cell.ts";
import type { Kept, Pane, WindowState } from "../windows/window-state.ts";

/** The members of a cell in order; those that its aggregates don't need are null, and left out where only sums are kept. */
export type StoredCell = readonly [n: number, ignored: number, ...rest: unknown[]];

/** A pane: when it starts, from `base` on, how long it is, and its cells. */
type StoredPane = readonly [start: number, length: number, ...cells: StoredCell[]];

type StoredSession = readonly [
  start: number,
  end: number,
  revision: number | null,
  due: boolean,
  ...cells: StoredCell[],
];

/** A window as lists: a fifth of what it takes as objects, and written in a fifth of the time. */
export type StoredWindow =
  | readonly ["continuous", base: number, panes: readonly StoredPane[]]
  | readonly [
      "grid",
      base: number,
      panes: readonly StoredPane[],
      firedTo: number | null,
      fired: readonly [end: number, revision: number][],
      earlyAt: number | null,
      empty: boolean,
    ]
  | readonly [
      "deque",
      chunks: readonly (readonly [events: readonly Kept[], ...cells: StoredCell[]])[],
      size: number,
      truncatedUntil: number | null,
    ]
  | readonly ["session", sessions: readonly StoredSession[]]
  | readonly ["batch", n: number, start: number, end: number, ...cells: StoredCell[]];

/** What panes together come to (`sealed`) is left out: it is worked out anew. */
export function storeWindow(window: WindowState): StoredWindow {
  switch (window.kind) {
    case "continuous": {
      const base = window.panes[0]?.start ?? 0;
      return [window.kind, base, storePanes(window.panes, base)];
    }
    case "grid": {
      const { panes, firedTo, fired, earlyAt, empty } = window;
      const base = panes[0]?.start ?? 0;
      return [window.kind, base, storePanes(panes, base), firedTo, fired, earlyAt, empty];
    }
    case "deque": {
      const chunks = window.chunks.map(({ events, cells }) => [events, ...cells.map(storeCell)] as const);
      return [window.kind, chunks, window.size, window.truncatedUntil];
    }
    case "session":
      return [
        window.kind,
        window.sessions.map(
          ({ start, end, revision, due, cells }) =>
            [start, end, revision, due, ...cells.map(storeCell)] as const,
        ),
      ];
    case "batch":
      return [window.kind, window.n, window.start, window.end, ...window.cells.map(storeCell)];
  }
}

export function readWindow(stored: StoredWindow): WindowState {
  switch (stored[0]) {
    case "continuous":
      return { kind: stored[0], panes: readPanes(stored[2], stored[1]) };
    case "grid": {
      const [kind, base, panes, firedTo, fired, earlyAt, empty] = stored;
      return { kind, panes: readPanes(panes, base), firedTo, fired: [...fired], earlyAt, empty };
    }
    case "deque": {
      const [kind, chunks, size, truncatedUntil] = stored;
      const read = chunks.map(([events, ...cells]) => ({ events: [...events], cells: cells.map(readCell) }));
      return { kind, chunks: read, size, truncatedUntil };
    }
    case "session": {
      const sessions = stored[1].map(([start, end, revision, due, ...cells]) => {
        return { start, end, cells: cells.map(readCell), revision, due };
      });
      return { kind: stored[0], sessions };
    }
    case "batch": {
      const [kind, n, start, end, ...cells] = stored;
      return { kind, n, start, end, cells: cells.map(readCell) };
    }
  }
}

function storePanes(panes: readonly Pane[], base: number): StoredPane[] {
  return panes.map(({ start, end, cells }) => [start - base, end - start, ...cells.map(storeCell)]);
}

function readPanes(stored: readonly StoredPane[], base: number): Pane[] {
  return stored.map(([start, length, ...cells]) => ({
    start: base + start,
    end: base + start + length,
    cells: cells.map(readCell),
  }));
}

function storeCell(cell: Cell): StoredCell {
  const { n, ignored, sum, rest, min, max, mean, spread, first, last, points, sequences, counts } = cell;
  const onlySums = min === undefined && mean === undefined && first === undefined;
  if (onlySums && points === undefined && counts === undefined)
    return sum === undefined ? [n, ignored] : [n, ignored, sum, rest];
  return [n, ignored, sum, rest, min, max, mean, spread, first, last, points, sequences, counts];
}

/** In the order of `storeCell`. */
const more = [
  "sum",
  "rest",
  "min",
  "max",
  "mean",
  "spread",
  "first",
  "last",
  "points",
  "sequences",
  "counts",
] as const satisfies readonly (keyof Cell)[];

function readCell([n, ignored, ...rest]: StoredCell): Cell {
  const cell: Record<string, unknown> & Cell = { n, ignored };
  for (const [place, value] of rest.entries()) {
    const name = more[place];
    if (name !== undefined && value !== null && value !== undefined) cell[name] = value as never;
  }
  return cell;
}

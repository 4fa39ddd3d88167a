import type { WindowSpec } from "../../../../../contracts/rule-windows.ts";
import type { Span } from "./aggregate.rules.ts";
import { calendarSpan } from "./calendar.rules.ts";

/** Where the windows of a rule lie on the time line. */
export interface Grid {
  /** The pane of an instant: all instants of a pane lie in the same windows. */
  paneOf(at: number): Span;
  /** The end of the first window that contains the pane and ends after `after`; null when there is none. */
  firstEnd(pane: Span, after: number | null): number | null;
  /** The end of the last window that contains the pane; null when no window does. */
  lastEnd(pane: Span): number | null;
  startOf(end: number): number;
  /** The end of the first window of all that ends after an instant. */
  nextEnd(after: number): number;
}

type Kind = WindowSpec["kind"];
export type GridSpec = WindowSpec & { readonly kind: "tumbling" | "sliding" | "calendar" };

export function isGrid(window: WindowSpec): window is GridSpec {
  const kinds: readonly Kind[] = ["tumbling", "sliding", "calendar"];
  return kinds.includes(window.kind);
}

export function gridOf(window: GridSpec): Grid {
  if (window.kind === "calendar") return calendarGrid(window);
  const { sizeMs, offsetMs } = window;
  return window.kind === "tumbling"
    ? slidingGrid(sizeMs, sizeMs, offsetMs)
    : slidingGrid(sizeMs, window.slideMs, offsetMs);
}

/** The greatest `offset + k · step` that is not after an instant; also before 1970 and with negative offsets. */
export function alignDown(at: number, step: number, offset: number): number {
  const past = (at - offset) % step;
  return at - (past < 0 ? past + step : past);
}

export function greatestCommonDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return x;
}

function slidingGrid(size: number, slide: number, offset: number): Grid {
  const width = greatestCommonDivisor(size, slide);
  const firstAfter = (after: number) => alignDown(after - size, slide, offset) + slide + size;
  return {
    paneOf: (at) => {
      const start = alignDown(at, width, offset);
      return { start, end: start + width };
    },
    firstEnd: (pane, after) => {
      const end = firstAfter(after === null ? pane.start : Math.max(after, pane.start));
      return end <= pane.start + size ? end : null;
    },
    lastEnd: (pane) => {
      const start = alignDown(pane.start, slide, offset);
      return start + size > pane.start ? start + size : null;
    },
    startOf: (end) => end - size,
    nextEnd: firstAfter,
  };
}

function calendarGrid(window: WindowSpec & { readonly kind: "calendar" }): Grid {
  let last: Span | undefined;
  const paneOf = (at: number): Span => {
    if (last === undefined || at < last.start || at >= last.end) last = calendarSpan(at, window);
    return last;
  };
  return {
    paneOf,
    firstEnd: (pane, after) => (after === null || pane.end > after ? pane.end : null),
    lastEnd: (pane) => pane.end,
    startOf: (end) => paneOf(end - 1).start,
    nextEnd: (after) => paneOf(after).end,
  };
}

import type { SampleRow } from "../engine/samples-step.ts";

/** What a poll's answer says: its series, or why it can't be read. */
export type Reading =
  | {
      readonly ok: true;
      readonly rows: readonly SampleRow[];
      /** What the source warned of, and values that were not numbers. */
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly detail: string };

/** Series of one poll; more is an error, never a part of them. */
export const mostSeries = 10_000;
/** Warnings that are kept of one poll. */
export const mostWarnings = 20;

export const unreadable = (detail: string): Reading => ({ ok: false, detail: detail.slice(0, 500) });

/** The rows as a reading; too many of them are none. */
export function readingOf(rows: readonly SampleRow[], warnings: readonly string[]): Reading {
  if (rows.length > mostSeries) return unreadable(`There are ${rows.length} series; at most ${mostSeries}.`);
  return { ok: true, rows, warnings: warnings.slice(0, mostWarnings) };
}

import type { KeyRun } from "../key-run.ts";
import { type Cell, pointsCap } from "./cell.ts";

/** How long after its end a window may still be corrected. */
export function allowedLateness({ rule }: KeyRun): number {
  const { lateness, time } = rule.definition;
  return lateness.policy === "update" && time === "event" ? lateness.allowedMs : 0;
}

/** What is wrong with a window that holds more values than may be kept. */
export function capFailure(cells: readonly Cell[]): string | undefined {
  const full = cells.some(({ points }) => points !== undefined && points.length >= pointsCap * 3);
  return full ? `The window holds ${pointsCap} values or more.` : undefined;
}

import { problem } from "../../../kernel/problem.ts";
import type { Period } from "./schemas.ts";

/** When values are asked for, in whole seconds since the epoch. `stepSeconds` 0 is one instant: `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly stepSeconds: number;
  /** Nobody said until when: the cluster's own clock says what now is. */
  readonly isNow: boolean;
}

const longestSeconds = 92 * 86_400;
const usualPoints = 300;
const mostPoints = 1500;
const finestSeconds = 15;

/** @throws invalid_input `harvester.period_invalid` for a period that ends before it begins, is too long or too fine */
export function spanOf({ from, to, stepSeconds }: Period, now: Date): Span {
  const isNow = to === undefined;
  const end = Math.floor((isNow ? now.getTime() : Date.parse(to)) / 1000);
  if (from === undefined) {
    if (stepSeconds !== undefined) throw wrong("/query/stepSeconds", "A step needs a beginning: `from`.");
    return { from: end, to: end, stepSeconds: 0, isNow };
  }
  const start = Math.floor(Date.parse(from) / 1000);
  if (start >= end) throw wrong("/query/from", "It must be before the end.");
  if (end - start > longestSeconds) throw wrong("/query/from", "At most 92 days.");
  const step = stepSeconds ?? Math.max(finestSeconds, Math.ceil((end - start) / usualPoints));
  if ((end - start) / step > mostPoints)
    throw wrong(
      "/query/stepSeconds",
      `At most ${mostPoints} values: a step of ${Math.ceil((end - start) / mostPoints)} s or more.`,
    );
  return { from: start, to: end, stepSeconds: step, isNow };
}

const wrong = (pointer: string, message: string) =>
  problem("invalid_input", "harvester.period_invalid", message, {
    errors: [{ pointer, code: "period", message }],
  });

/** The span as answers tell it. */
export function toldSpan({ from, to, stepSeconds }: Omit<Span, "isNow">) {
  return {
    from: new Date(from * 1000).toISOString(),
    to: new Date(to * 1000).toISOString(),
    stepMs: stepSeconds * 1000,
  };
}

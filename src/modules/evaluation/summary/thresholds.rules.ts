import type { MetricDirection } from "../../../../contracts/comparison.ts";

/** Averages of equal scores differ from them in the last bits; nothing real is this small. */
const slack = 1e-9;

/** Whether a score is on the good side of a limit or on it: at least for `higher`, at most for `lower`. */
export function meetsLimit(score: number, limit: number, direction: MetricDirection): boolean {
  return direction === "higher" ? score >= limit - slack : score <= limit + slack;
}

/** +1 where higher is better, −1 where lower is: a difference times this is an improvement. */
export function signOf(direction: MetricDirection): 1 | -1 {
  return direction === "higher" ? 1 : -1;
}

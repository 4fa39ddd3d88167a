import type { InstanceStatus, Values, Verdict } from "./outputs.ts";

/** Traces that a key keeps. */
const kept = 24;

/**
 * What stopped an evaluation from going further, or `none` where it went all the way: `condition` did not hold,
 * `unknown` had nothing to say, `for` not long enough yet, `firing` already, `late`, `stale`, `cooldown`, `flapping` …
 */
export type Guard =
  | "none"
  | "condition"
  | "unknown"
  | "error"
  | "for"
  | "firing"
  | "keepFiring"
  | "late"
  | "stale"
  | "noWindow"
  | "held"
  | "collecting"
  | "cooldown"
  | "flapping"
  | "noMatch";

/** A stretch of like evaluations: from the first to the last, how many, and what the last saw. */
export interface Trace {
  from: number;
  to: number;
  n: number;
  readonly verdict: Verdict | null;
  readonly status: InstanceStatus | null;
  readonly guard: Guard;
  values: Values | null;
  /** What went wrong, where something did. */
  why?: string;
  /** The instance, where there are several. */
  readonly instance?: string;
}

/** Adds one evaluation to a ring of traces, in place; like ones run together. */
export function addTrace(
  ring: Trace[],
  at: number,
  verdict: Verdict | null,
  status: InstanceStatus | null,
  guard: Guard,
  values: Values | null,
  instance?: string,
  why?: string,
): void {
  const last = ring.at(-1);
  if (
    last !== undefined &&
    last.verdict === verdict &&
    last.status === status &&
    last.guard === guard &&
    last.instance === instance
  ) {
    last.to = at;
    last.n += 1;
    last.values = values;
    if (why !== undefined) last.why = why;
    return;
  }
  ring.push({
    from: at,
    to: at,
    n: 1,
    verdict,
    status,
    guard,
    values,
    ...(instance === undefined ? {} : { instance }),
    ...(why === undefined ? {} : { why }),
  });
  if (ring.length > kept) ring.shift();
}

/** The traces of a key with what waits for the watermark: kept as events, told as the last stretch. */
export function withHeld(
  ring: readonly Trace[],
  held: readonly { readonly time: number }[],
): readonly Trace[] {
  const [first, last] = [held[0], held.at(-1)];
  if (first === undefined || last === undefined) return ring;
  const facts = { verdict: null, status: null, guard: "held", values: null } as const;
  return [...ring, { from: first.time, to: last.time, n: held.length, ...facts }];
}

/** The trace that tells what was known at an instant: the last one that began at or before it. */
export function traceAt(ring: readonly Trace[], at: number): Trace | undefined {
  return ring.findLast((trace) => trace.from <= at);
}

import type { InstanceStatus, Labels, Values, Verdict } from "../outputs.ts";

/** One alert of a rule: what it is called by is its labels. Plain JSON. */
export interface Instance {
  /** With the rule's labels applied. */
  labels: Labels;
  status: InstanceStatus;
  /** The last evaluation and what it said, before policies. */
  at: number;
  verdict: Verdict;
  values: Values;
  /** When the condition became true; null while normal. */
  activeAt: number | null;
  firedAt: number | null;
  /** Recovering since. */
  since: number | null;
  /** While pending: not counted towards `for`, because the condition was unknown. */
  pausedMs: number;
  pausedAt: number | null;
  /** No data, or failing, since. */
  unknownSince: number | null;
  errorSince: number | null;
  /** The policy that stands in for the condition. */
  policy: "noData" | "error" | null;
  resolvedAt: number | null;
  /** The last 20 evaluations, newest in the lowest bit: 1 where the result changed. */
  changes: number;
  /** For flapping by time: when the result changed. */
  changedAt?: number[];
  lastTrue: boolean | null;
  flapping: boolean;
  /** When each action was last sent. */
  sent?: Record<string, number>;
}

export function newInstance(labels: Labels, at: number): Instance {
  return {
    labels,
    status: "normal",
    at,
    verdict: "false",
    values: {},
    activeAt: null,
    firedAt: null,
    since: null,
    pausedMs: 0,
    pausedAt: null,
    unknownSince: null,
    errorSince: null,
    policy: null,
    resolvedAt: null,
    changes: 0,
    lastTrue: null,
    flapping: false,
  };
}

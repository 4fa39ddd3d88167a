import type { ProblemKind } from "../../kernel/problem.ts";

/** How any call to a cluster can fail. */
export const readRaises: readonly ProblemKind[] = [
  "not_found",
  "forbidden",
  "unavailable",
  "upstream_failed",
  "timeout",
];

/** How a write can fail beside that: the object's state, the cluster's own rules and quotas. */
export const writeRaises: readonly ProblemKind[] = [
  ...readRaises,
  "conflict",
  "invalid_input",
  "limit_reached",
];

import type { Failure, ProblemKind } from "../../../kernel/problem.ts";
import { judgeFailed, type MetricResult } from "../metric.ts";

const reasons: Partial<Record<ProblemKind, string>> = {
  timeout: "judge_timeout",
  rate_limited: "judge_rate_limited",
  unavailable: "judge_unavailable",
  upstream_failed: "judge_unavailable",
  unauthenticated: "judge_credentials_refused",
  forbidden: "judge_credentials_refused",
  limit_reached: "judge_credit_exhausted",
  not_found: "judge_model_unknown",
};

/** The result of a case whose judge kept failing: for when the last attempt of its job is over. */
export function judgeErrorOf(failure: Failure): MetricResult {
  const reasonCode = reasons[failure.kind] ?? "judge_failed";
  return judgeFailed({ ok: false, reasonCode, detail: failure.detail, calls: [] });
}

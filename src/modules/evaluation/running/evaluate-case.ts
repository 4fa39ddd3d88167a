import type { EvaluationCase } from "../../../../contracts/evaluation-case.ts";
import type { CaseResult, CaseScore } from "../../../../contracts/runs.ts";
import { sha256Json } from "../../../kernel/hash.ts";
import { AppError } from "../../../kernel/problem.ts";
import type { MetricResult, MetricTools } from "../metric.ts";
import type { PlannedMetric } from "../planning/plan.rules.ts";
import { askedOf, expectedOf } from "../summary/case-groups.rules.ts";

/** Which row of a run is made: the case's place in the data set, and which repeat of it. */
export interface CasePlace {
  readonly index: number;
  readonly repeat: number;
}

/**
 * Scores one case with every planned metric. Transient provider failures and refused providers are thrown, so that the
 * job is retried or stopped; a fault of one metric becomes `judge_error` for that metric alone.
 */
export async function evaluateCase(
  place: CasePlace,
  evaluationCase: EvaluationCase,
  plan: readonly PlannedMetric[],
  tools: MetricTools,
): Promise<CaseResult> {
  const scores: Record<string, CaseScore> = {};
  for (const planned of plan) {
    scores[planned.metric.name] = toWire(
      tools.signal?.aborted
        ? nothing("cancelled", "cancelled")
        : await scoreOnce(planned, evaluationCase, tools),
    );
  }
  return {
    ...place,
    caseId: evaluationCase.caseId,
    inputHash: await sha256Json(askedOf(evaluationCase)),
    referenceHash: await sha256Json(expectedOf(evaluationCase)),
    tags: evaluationCase.tags,
    scores,
  };
}

async function scoreOnce(
  planned: PlannedMetric,
  evaluationCase: EvaluationCase,
  tools: MetricTools,
): Promise<MetricResult> {
  try {
    return await planned.metric.score(evaluationCase, planned.options, tools);
  } catch (error) {
    if (tools.signal?.aborted) return nothing("cancelled", "cancelled");
    if (error instanceof AppError && (error.retryable || error.failure.code.startsWith("llm."))) throw error;
    const reason = error instanceof AppError ? error.failure.code : "metric_failed";
    const detail = error instanceof Error ? error.message : String(error);
    return { ...nothing("judge_error", reason), evidence: [{ kind: "error", reason: detail }] };
  }
}

/** A case that cannot be evaluated at all: every metric says so, none says 0. */
export async function failedCase(
  place: CasePlace,
  evaluationCase: EvaluationCase,
  plan: readonly PlannedMetric[],
  error: { readonly code: string; readonly message: string },
): Promise<CaseResult> {
  const scores = plan.map(({ metric }) => [metric.name, toWire(nothing("judge_error", error.code))] as const);
  return {
    ...place,
    caseId: evaluationCase.caseId,
    inputHash: await sha256Json(askedOf(evaluationCase)),
    referenceHash: await sha256Json(expectedOf(evaluationCase)),
    tags: evaluationCase.tags,
    scores: Object.fromEntries(scores),
    error,
  };
}

function nothing(status: MetricResult["status"], reasonCode: string): MetricResult {
  return { status, reasonCode, evidence: [], judgeCalls: [], tokens: { input: 0, output: 0 }, costMicros: 0 };
}

function toWire(result: MetricResult): CaseScore {
  const { status, score, reasonCode, evidence, judgeCalls, tokens, costMicros } = result;
  return {
    status,
    ...(score === undefined ? {} : { score }),
    reasonCode,
    evidence: evidence.map((entry) => ({ ...entry, ...(entry.data ? { data: { ...entry.data } } : {}) })),
    judgeCalls: judgeCalls.map((call) => ({ ...call })),
    tokens: { ...tokens },
    costMicros: judgeCalls.some((call) => call.priceUnknown) ? null : costMicros,
  };
}

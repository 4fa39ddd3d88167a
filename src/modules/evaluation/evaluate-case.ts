import type { EvaluationCase } from "../../../contracts/evaluation-case.ts";
import type { CaseResult, CaseScore } from "../../../contracts/runs.ts";
import { sha256Json } from "../../kernel/hash.ts";
import { AppError } from "../../kernel/problem.ts";
import type { MetricResult, MetricTools } from "./metric.ts";
import type { PlannedMetric } from "./plan.rules.ts";

export interface EvaluateOptions {
  readonly repeats: number;
}

/** Identifies a case by what it asks, for pairing runs whose case ids differ. */
export function inputHashOf(evaluationCase: EvaluationCase): Promise<string> {
  return sha256Json(evaluationCase.input);
}

/**
 * Scores one case with every planned metric. Transient provider failures are thrown, so that the job is retried;
 * permanent ones and faults of a metric become `judge_error` for that metric alone.
 */
export async function evaluateCase(
  index: number,
  evaluationCase: EvaluationCase,
  plan: readonly PlannedMetric[],
  tools: MetricTools,
  options: EvaluateOptions,
): Promise<CaseResult> {
  const scores: Record<string, CaseScore> = {};
  for (const planned of plan) {
    if (tools.signal?.aborted) {
      scores[planned.metric.name] = toWire(empty("cancelled", "cancelled"));
      continue;
    }
    const repeats = planned.metric.usesJudge ? options.repeats : 1;
    const results: MetricResult[] = [];
    for (let i = 0; i < repeats; i++) results.push(await scoreOnce(planned, evaluationCase, tools));
    scores[planned.metric.name] = toWire(results.length === 1 ? (results[0] ?? empty("cancelled", "cancelled")) : mergeRepeats(results));
  }
  return {
    index,
    caseId: evaluationCase.caseId,
    inputHash: await inputHashOf(evaluationCase),
    tags: evaluationCase.tags,
    scores,
  };
}

async function scoreOnce(planned: PlannedMetric, evaluationCase: EvaluationCase, tools: MetricTools): Promise<MetricResult> {
  try {
    return await planned.metric.score(evaluationCase, planned.options, tools);
  } catch (error) {
    if (tools.signal?.aborted) return empty("cancelled", "cancelled");
    if (error instanceof AppError && (error.retryable || isProviderFault(error))) throw error;
    const reason = error instanceof AppError ? error.failure.code : "metric_failed";
    const detail = error instanceof Error ? error.message : String(error);
    return { ...empty("judge_error", reason), evidence: [{ kind: "error", reason: detail }] };
  }
}

// Refused credentials, spent credit or an unknown model concern every case: the job must stop, not score on.
const isProviderFault = (error: AppError): boolean => error.failure.code.startsWith("llm.");

function empty(status: MetricResult["status"], reasonCode: string): MetricResult {
  return { status, reasonCode, evidence: [], judgeCalls: [], tokens: { input: 0, output: 0 }, costMicros: 0 };
}

/** Repeats of one case: the mean of what was scored; the first other status when nothing was. */
export function mergeRepeats(results: readonly MetricResult[]): MetricResult {
  const scoredOnes = results.filter((result) => result.status === "scored");
  const first = scoredOnes[0] ?? results[0] ?? empty("not_applicable", "no_repeats");
  const sum = (read: (result: MetricResult) => number) => results.reduce((total, result) => total + read(result), 0);
  const scores = scoredOnes.map((result) => result.score ?? 0);
  const { score: _, ...rest } = first;
  return {
    ...rest,
    ...(scores.length > 0 ? { score: scores.reduce((total, score) => total + score, 0) / scores.length } : {}),
    evidence: [{ kind: "repeats", data: { scores, of: results.length } }, ...first.evidence],
    judgeCalls: results.flatMap((result) => result.judgeCalls),
    tokens: { input: sum((result) => result.tokens.input), output: sum((result) => result.tokens.output) },
    costMicros: sum((result) => result.costMicros),
  };
}

function toWire(result: MetricResult): CaseScore {
  return {
    status: result.status,
    ...(result.score === undefined ? {} : { score: result.score }),
    reasonCode: result.reasonCode,
    evidence: result.evidence.map((entry) => ({ ...entry, ...(entry.data ? { data: { ...entry.data } } : {}) })),
    judgeCalls: result.judgeCalls.map((call) => ({ ...call })),
    tokens: { ...result.tokens },
    costMicros: result.costMicros,
  };
}

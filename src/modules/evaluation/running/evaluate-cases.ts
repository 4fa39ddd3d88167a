import type { EvaluationCase } from "../../../../contracts/evaluation-case.ts";
import type { CaseResult, MetricChoice, Run, RunMetric } from "../../../../contracts/runs.ts";
import type { LlmLink, LlmPort } from "../../../kernel/ports/llm.ts";
import type { Judge } from "../judge.ts";
import { memoryJudgeCache } from "../judging/judge-cache.ts";
import type { JudgeParams } from "../judging/judge-line.ts";
import { judgeOf } from "../judging/judge-of.ts";
import { allMetrics } from "../metrics/registry.ts";
import { type PlannedMetric, planMetrics, runMetrics } from "../planning/plan.rules.ts";
import { scoresOf, statisticsMetrics } from "../summary/run-scores-of.ts";
import { summarizeRun } from "../summary/summary.rules.ts";
import { evaluateCase } from "./evaluate-case.ts";

/** A plan in both of its forms: what is computed, and what a run records. */
export function planOfChoices(choices: readonly MetricChoice[]): {
  readonly metrics: readonly PlannedMetric[];
  readonly wire: RunMetric[];
} {
  const metrics = planMetrics(choices, allMetrics);
  return { metrics, wire: runMetrics(metrics) };
}

/** A judge that remembers in memory only. */
export function memoryJudge(llm: LlmPort, link: LlmLink, params: JudgeParams): Judge {
  return judgeOf({
    llm,
    tenantId: "local",
    model: link.model,
    params,
    cache: memoryJudgeCache(10_000),
    ...(link.baseUrl === undefined ? {} : { baseUrl: link.baseUrl }),
    ...(link.embeddingModel === undefined ? {} : { embeddingModel: link.embeddingModel }),
  });
}

export interface EvaluateCases {
  readonly repeats: number;
  readonly concurrency: number;
  readonly judge?: (repeat: number) => Judge;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Scores every case, some at once; results are in the order of the cases and their repeats. */
export async function evaluateCases(
  cases: readonly EvaluationCase[],
  plan: readonly PlannedMetric[],
  options: EvaluateCases,
): Promise<CaseResult[]> {
  const { repeats, signal } = options;
  const total = cases.length * repeats;
  const results: CaseResult[] = [];
  const judges = Array.from({ length: repeats }, (_, repeat) => options.judge?.(repeat));
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let unit = next++; unit < total; unit = next++) {
      signal?.throwIfAborted();
      const place = { index: Math.floor(unit / repeats), repeat: unit % repeats };
      const evaluationCase = cases[place.index];
      if (evaluationCase === undefined) return;
      const judge = judges[place.repeat];
      const tools = { ...(judge ? { judge } : {}), ...(signal ? { signal } : {}) };
      results[unit] = await evaluateCase(place, evaluationCase, plan, tools);
      options.onProgress?.(++done, total);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  return results;
}

/** A run in numbers, from its case results. */
export async function summaryOf(
  metrics: readonly RunMetric[],
  results: readonly CaseResult[],
  cases: number,
  repeats: number,
  seed: number,
): Promise<Pick<Run, "summary" | "cases" | "tokens" | "costMicros" | "costKnown">> {
  const known = await statisticsMetrics([...metrics]);
  const summary = summarizeRun({ metrics: known, cases: results.map(scoresOf) }, { seed });
  const errors = results.filter((result) => result.error !== undefined).length;
  return {
    summary: summary.metrics,
    cases: { total: cases, evaluated: cases - errors, errors, repeats },
    tokens: summary.tokens,
    costMicros: summary.costMicros,
    costKnown: summary.unpricedResults === 0,
  };
}

import type * as z from "zod";
import type { EvaluationCase } from "../../../contracts/evaluation-case.ts";
import type { Judge, JudgeCall, JudgeOutcome } from "./judge.ts";

export type ScoreStatus = "scored" | "not_applicable" | "judge_error" | "cancelled";

/** A piece of what a score rests on: a statement and its verdict, a matched n-gram count, a rank. */
export interface Evidence {
  readonly kind: string;
  readonly text?: string;
  readonly verdict?: boolean | string | number | null;
  readonly reason?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * What a metric says of one case. `score` is present exactly when `status` is `scored`; nothing that is missing or
 * broken ever becomes 0 or 1. Averages are over `scored` only, beside the coverage `scored / total`.
 */
export interface MetricResult {
  readonly status: ScoreStatus;
  readonly score?: number;
  /** Stable for machines: `ok`, `no_reference`, `no_contexts`, `empty_output`, `judge_timeout`, ... */
  readonly reasonCode: string;
  readonly evidence: readonly Evidence[];
  readonly judgeCalls: readonly JudgeCall[];
  readonly tokens: { readonly input: number; readonly output: number };
  readonly costMicros: number;
}

/** The parts of a case that a metric reads; without one of them the metric does not apply. */
export type CaseField =
  | "input"
  | "output"
  | "reference"
  | "contexts"
  | "referenceContexts"
  | "toolCalls"
  | "referenceToolCalls"
  | "messages";

export type MetricFamily =
  | "lexical"
  | "similarity"
  | "retrieval"
  | "tools"
  | "korean"
  | "domain"
  | "conversation"
  | "judged";

/** What a metric may use besides the case; a lexical metric is called without it. */
export interface MetricTools {
  readonly judge?: Judge;
  readonly signal?: AbortSignal;
}

export interface Metric<Options = unknown> {
  /** snake_case, unique, the name in the API and in tables. */
  readonly name: string;
  readonly title: { readonly en: string; readonly ko: string };
  readonly family: MetricFamily;
  readonly direction: "higher" | "lower";
  readonly range: readonly [number, number];
  readonly needs: readonly CaseField[];
  readonly usesJudge: boolean;
  readonly usesEmbeddings: boolean;
  /** The formula's or protocol's source. */
  readonly source: string;
  /** Strict zod object; every option has a default, so `{}` parses. */
  readonly options: z.ZodType<Options>;
  /** Judge calls expected for a case, for the cost preview; absent means none. */
  readonly expectedJudgeCalls?: (evaluationCase: EvaluationCase, options: Options) => number;
  readonly score: (
    evaluationCase: EvaluationCase,
    options: Options,
    tools: MetricTools,
  ) => MetricResult | Promise<MetricResult>;
}

const free = { judgeCalls: [], tokens: { input: 0, output: 0 }, costMicros: 0 } as const;

/** Keeps the option type of a metric where it is written and forgets it in the registry. */
export function defineMetric<Options>(metric: Metric<Options>): Metric<Options> {
  return metric;
}

/** A score with what it rests on. A score that is not a finite number is a fault of the metric and throws. */
export function scored(
  score: number,
  evidence: readonly Evidence[] = [],
  use: Partial<Pick<MetricResult, "judgeCalls" | "tokens" | "costMicros">> = {},
): MetricResult {
  if (!Number.isFinite(score)) throw new RangeError(`a score must be a finite number, not ${score}`);
  return { status: "scored", score, reasonCode: "ok", evidence, ...free, ...use };
}

/** The metric has nothing to score here, and says why; never a 0. */
export function notApplicable(
  reasonCode: string,
  evidence: readonly Evidence[] = [],
  use: Partial<Pick<MetricResult, "judgeCalls" | "tokens" | "costMicros">> = {},
): MetricResult {
  return { status: "not_applicable", reasonCode, evidence, ...free, ...use };
}

/** The judge's answer could not be used: neither a 0 nor a 1. Calls that were made before count as used. */
export function judgeFailed(
  outcome: Extract<JudgeOutcome<unknown>, { ok: false }>,
  callsBefore: readonly JudgeCall[] = [],
  evidence: readonly Evidence[] = [],
): MetricResult {
  return {
    status: "judge_error",
    reasonCode: outcome.reasonCode,
    evidence: [...evidence, { kind: "judge_error", reason: outcome.detail }],
    ...usedBy([...callsBefore, ...outcome.calls]),
  };
}

/** Sums what judge calls used, in the shape that a result carries. */
export function usedBy(
  calls: readonly JudgeCall[],
): Pick<MetricResult, "judgeCalls" | "tokens" | "costMicros"> {
  let input = 0;
  let output = 0;
  let costMicros = 0;
  for (const call of calls) {
    input += call.inputTokens;
    output += call.outputTokens;
    costMicros += call.costMicros;
  }
  return { judgeCalls: calls, tokens: { input, output }, costMicros };
}

/** A metric for a list of many: its option type is forgotten, and options of any shape are read by its own schema. */
export function registered<Options>(metric: Metric<Options>): Metric {
  const { expectedJudgeCalls, ...rest } = metric;
  return {
    ...rest,
    ...(expectedJudgeCalls
      ? { expectedJudgeCalls: (one, options) => expectedJudgeCalls(one, metric.options.parse(options)) }
      : {}),
    score: (one, options, tools) => metric.score(one, metric.options.parse(options), tools),
  };
}

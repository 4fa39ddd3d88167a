import type { EvaluationCase } from "../contracts/evaluation-case.ts";
import type { RuleTestReport } from "../contracts/rule-tests.ts";
import type { CaseResult, MetricChoice, Run } from "../contracts/runs.ts";
import { sha256Json } from "./kernel/hash.ts";
import type { LlmLink } from "./kernel/ports/llm.ts";
import { problem } from "./kernel/problem.ts";
import { type ImportReport, importCases } from "./modules/datasets/index.ts";
import { evaluateCases, memoryJudge, planOfChoices, summaryOf } from "./modules/evaluation/index.ts";
import { readTestFile, runRuleTests } from "./modules/rules/index.ts";
import { createLlm, type LlmProfile } from "./platform/llm/create-llm.ts";

/** The model that judges, when a metric asks one. */
export interface LocalJudge {
  readonly link: LlmLink;
  readonly secret?: string;
  readonly params?: { readonly temperature?: number; readonly maxTokens?: number; readonly seed?: number };
  /** Hosts that may be reached by plain http, such as a model on this machine. */
  readonly allowedHosts?: readonly string[];
}

export interface LocalRequest {
  readonly stream: ReadableStream<Uint8Array>;
  readonly fileName?: string;
  readonly format?: string;
  readonly encoding?: string;
  readonly metrics: readonly MetricChoice[];
  readonly judge?: LocalJudge;
  readonly maxCases?: number;
  readonly repeats?: number;
  readonly seed?: number;
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface LocalResult
  extends Pick<Run, "metrics" | "summary" | "cases" | "tokens" | "costMicros" | "costKnown"> {
  readonly report: ImportReport;
  readonly configHash: string;
  readonly results: readonly CaseResult[];
}

/** Evaluates a file in this process with the very code that the Worker runs; needs no Worker, database or account. */
export async function evaluateLocally(request: LocalRequest): Promise<LocalResult> {
  const cases: EvaluationCase[] = [];
  const { stream, fileName, format, encoding, repeats = 1, seed = 1 } = request;
  const options = {
    ...(fileName === undefined ? {} : { fileName }),
    ...(format === undefined ? {} : { format }),
    ...(encoding === undefined ? {} : { encoding }),
  } as Parameters<typeof importCases>[1];
  const report = await importCases(stream, options, (item) => {
    if (cases.length < (request.maxCases ?? Number.POSITIVE_INFINITY)) cases.push(item);
  });
  const plan = planOfChoices(request.metrics);
  const asking = plan.metrics.find(({ metric }) => metric.usesJudge || metric.usesEmbeddings);
  if (asking && request.judge === undefined) {
    throw problem(
      "invalid_input",
      "evaluation.profile_missing",
      `${asking.metric.name} asks a model: name a profile.`,
      {
        errors: [{ pointer: "/profile", code: "required", message: "Give a model profile." }],
      },
    );
  }
  const judge = request.judge && judgeOf(request.judge, seed);
  const results = await evaluateCases(cases, plan.metrics, {
    repeats,
    concurrency: request.concurrency ?? 4,
    ...(judge ? { judge } : {}),
    ...(request.signal ? { signal: request.signal } : {}),
    ...(request.onProgress ? { onProgress: request.onProgress } : {}),
  });
  const configHash = await sha256Json({
    engine: 1,
    dataset: report.contentSha256,
    metrics: plan.wire,
    judge: request.judge?.link ?? null,
    repeats,
    seed,
  });
  return {
    ...(await summaryOf(plan.wire, results, cases.length, repeats, seed)),
    metrics: plan.wire,
    report,
    configHash,
    results,
  };
}

function judgeOf({ link, secret, params, allowedHosts }: LocalJudge, seed: number) {
  const llm = createLlm(link as LlmProfile, secret, allowedHosts ? { allowedHosts } : {});
  return (repeat: number) =>
    memoryJudge(llm, link, { ...params, seed: (params?.seed ?? seed) + repeat * 1_000 });
}

/** Runs a file of rule tests in this process with the very engine that the Worker runs. `open` gives the text of a file. */
export function testRulesLocally(path: string, open: (path: string) => string): RuleTestReport {
  return runRuleTests(readTestFile(open(path), path, open));
}

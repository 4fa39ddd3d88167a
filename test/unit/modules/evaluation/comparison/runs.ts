import type {
  CaseResult,
  CaseScores,
  RunMetric,
  RunScores,
} from "../../../../../src/modules/evaluation/summary/run-scores.ts";

/** A score, or the status of a result that has none. */
export type Given = number | "not_applicable" | "judge_error" | "cancelled";

export function result(given: Given, use: Partial<CaseResult> = {}): CaseResult {
  const free = { tokens: { input: 0, output: 0 }, costMicros: 0 };
  return typeof given === "number"
    ? { status: "scored", score: given, reasonCode: "ok", ...free, ...use }
    : { status: given, reasonCode: `because_${given}`, ...free, ...use };
}

export function metric(name: string, more: Partial<RunMetric> = {}): RunMetric {
  return { name, direction: "higher", optionsHash: "options", usesJudge: false, ...more };
}

/** A row c1, c2, ... for each position, with a result of each metric. */
export function rows(scores: Readonly<Record<string, readonly Given[]>>): CaseScores[] {
  const count = Math.max(...Object.values(scores).map((column) => column.length));
  return Array.from({ length: count }, (_, index) => ({
    caseId: `c${index + 1}`,
    inputHash: `in${index + 1}`,
    referenceHash: `ref${index + 1}`,
    tags: [],
    results: Object.fromEntries(
      Object.entries(scores).flatMap(([name, column]) => {
        const given = column[index];
        return given === undefined ? [] : [[name, result(given)]];
      }),
    ),
  }));
}

export function run(
  runId: string,
  cases: readonly CaseScores[],
  metrics: readonly RunMetric[] = [metric("quality")],
  reference: Partial<RunScores["reference"]> = {},
): RunScores {
  return {
    reference: {
      runId,
      configHash: "config",
      datasetHash: "dataset",
      judgeHash: null,
      resultsHash: null,
      ...reference,
    },
    metrics,
    cases,
  };
}

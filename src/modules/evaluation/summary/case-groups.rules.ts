import type { EvaluationCase } from "../../../../contracts/evaluation-case.ts";
import { mean } from "../statistics/descriptive.ts";
import type { CaseScores } from "./run-scores.ts";

/** One case with its repeats, in the order of the run. */
export interface CaseGroup {
  readonly caseId: string;
  /** 0 for the first case with this id, 1 for the second that shares it, and so on. */
  readonly occurrence: number;
  readonly rows: readonly CaseScores[];
}

/** Puts repeats of a case together and keeps apart different cases that share an id. */
export function groupCases(cases: readonly CaseScores[]): CaseGroup[] {
  const groups = new Map<string, { caseId: string; occurrence: number; rows: CaseScores[] }>();
  const seen = new Map<string, number>();
  for (const row of cases) {
    const rowKey = JSON.stringify([row.caseId, row.repeat ?? null]);
    const occurrence = seen.get(rowKey) ?? 0;
    seen.set(rowKey, occurrence + 1);
    const groupKey = JSON.stringify([row.caseId, occurrence]);
    const group = groups.get(groupKey) ?? { caseId: row.caseId, occurrence, rows: [] };
    group.rows.push(row);
    groups.set(groupKey, group);
  }
  return [...groups.values()];
}

/** Whether a row holds a score of the metric. */
export function isScored(row: CaseScores, metric: string): boolean {
  return Object.hasOwn(row.results, metric) && row.results[metric]?.status === "scored";
}

/** The scores of a metric in a case, one for each scored repeat; a `scored` result without a number throws. */
export function scoresOf(group: CaseGroup, metric: string): number[] {
  return group.rows.flatMap((row) => {
    if (!isScored(row, metric)) return [];
    const score = row.results[metric]?.score;
    if (score === undefined || !Number.isFinite(score)) {
      throw new RangeError(`the case ${row.caseId} is scored on ${metric} without a finite score`);
    }
    return [score];
  });
}

/** The score of a case: the mean of its scored repeats; null when none is scored. */
export function caseScore(group: CaseGroup, metric: string): number | null {
  return mean(scoresOf(group, metric));
}

/** Whether all scores are 0 or 1, so that their mean is a pass rate. */
export function isBinary(scores: readonly number[]): boolean {
  return scores.length > 0 && scores.every((score) => score === 0 || score === 1);
}

/** What a case asks: the value whose hash pairs cases of two runs when their ids differ. */
export function askedOf({ input }: Pick<EvaluationCase, "input">): unknown {
  return { input };
}

/** What a case is graded against: two runs whose cases differ here were marked by different keys. */
export function expectedOf(
  evaluationCase: Pick<EvaluationCase, "reference" | "referenceContexts" | "referenceToolCalls" | "rubric">,
): unknown {
  const { reference, referenceContexts, referenceToolCalls, rubric } = evaluationCase;
  return { reference, referenceContexts, referenceToolCalls, rubric };
}

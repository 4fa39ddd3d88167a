import type { ComparisonWarning, Pairing } from "../../../../contracts/comparison.ts";
import type { CaseGroup } from "../summary/case-groups.rules.ts";
import type { RunMetric, RunScores } from "../summary/run-scores.ts";
import type { CasePair } from "./pairing.rules.ts";

type Code = ComparisonWarning["code"];

function warning(
  severity: ComparisonWarning["severity"],
  code: Code,
  message: string,
  more: { metric?: string; count?: number } = {},
): ComparisonWarning {
  return { code, severity, metric: more.metric ?? null, count: more.count ?? null, message };
}

/** What makes two runs hard or impossible to compare, before any number is looked at. */
export function fairnessWarnings(
  baseline: RunScores,
  candidate: RunScores,
  pairs: readonly CasePair[],
  pairing: Pairing,
): ComparisonWarning[] {
  return [
    ...runWarnings(baseline, candidate),
    ...datasetWarnings(baseline, candidate, pairs),
    ...pairingWarnings(pairing),
    ...metricWarnings(baseline, candidate),
  ];
}

function runWarnings(baseline: RunScores, candidate: RunScores): ComparisonWarning[] {
  if (baseline.reference.runId !== candidate.reference.runId) return [];
  return [warning("note", "same_run", "Both sides are the same run.")];
}

type CaseHash = "inputHash" | "referenceHash";

function hashOf(group: CaseGroup, hash: CaseHash): string | undefined {
  return group.rows[0]?.[hash];
}

/**
 * A data set holds the answers of the system under test, so two systems always differ in its hash. The comparison is
 * fair as long as every pair was asked the same and marked by the same key.
 */
function datasetWarnings(
  baseline: RunScores,
  candidate: RunScores,
  pairs: readonly CasePair[],
): ComparisonWarning[] {
  if (baseline.reference.datasetHash === candidate.reference.datasetHash) return [];
  const differing = (hash: CaseHash) =>
    pairs.filter((pair) => {
      const before = hashOf(pair.baseline, hash);
      const after = hashOf(pair.candidate, hash);
      return before !== undefined && after !== undefined && before !== after;
    }).length;
  const unknown = pairs.filter(({ baseline: a, candidate: b }) =>
    [a, b].some(
      (group) => hashOf(group, "inputHash") === undefined || hashOf(group, "referenceHash") === undefined,
    ),
  ).length;
  const found = [warning("note", "dataset_differs", "The runs used different data sets or versions.")];
  const add = (code: Code, count: number, message: string) => {
    if (count > 0) found.push(warning("unfair", code, message, { count }));
  };
  add("input_differs", differing("inputHash"), "Cases with the same id were asked different things.");
  add("reference_differs", differing("referenceHash"), "Cases were graded against different references.");
  add("dataset_unverified", unknown, "Whether these cases are the same in both data sets is not known.");
  return found;
}

function pairingWarnings(pairing: Pairing): ComparisonWarning[] {
  const found: ComparisonWarning[] = [];
  const unmatched = pairing.unmatchedBaseline + pairing.unmatchedCandidate;
  if (unmatched > 0) {
    found.push(warning("note", "unmatched_cases", "Cases exist in one run only.", { count: unmatched }));
  }
  if (pairing.duplicates > 0) {
    const message = "Cases share an id and were paired in their order.";
    found.push(warning("note", "duplicate_cases", message, { count: pairing.duplicates }));
  }
  return found;
}

function metricWarnings(baseline: RunScores, candidate: RunScores): ComparisonWarning[] {
  const after = new Map(candidate.metrics.map((metric) => [metric.name, metric]));
  const before = new Set(baseline.metrics.map(({ name }) => name));
  const judgesDiffer = baseline.reference.judgeHash !== candidate.reference.judgeHash;
  const found = baseline.metrics.flatMap((metric) => {
    const other = after.get(metric.name);
    return other === undefined
      ? [onlyIn("baseline", metric.name)]
      : sharedMetric(metric, other, judgesDiffer);
  });
  const added = candidate.metrics.filter(({ name }) => !before.has(name));
  return [...found, ...added.map(({ name }) => onlyIn("candidate", name))];
}

function onlyIn(side: "baseline" | "candidate", metric: string): ComparisonWarning {
  return warning("note", "metric_in_one_run", `Only the ${side} has the metric "${metric}".`, { metric });
}

function sharedMetric(before: RunMetric, after: RunMetric, judgesDiffer: boolean): ComparisonWarning[] {
  const metric = before.name;
  const found: ComparisonWarning[] = [];
  if (before.optionsHash !== after.optionsHash) {
    const message = `The metric "${metric}" had different options.`;
    found.push(warning("unfair", "metric_options_differ", message, { metric }));
  }
  if (before.direction !== after.direction) {
    const message = `The metric "${metric}" counts in opposite directions.`;
    found.push(warning("unfair", "direction_differs", message, { metric }));
  }
  if (judgesDiffer && (before.usesJudge || after.usesJudge)) {
    const message = `The metric "${metric}" was judged by different models or settings.`;
    found.push(warning("unfair", "judge_differs", message, { metric }));
  }
  return found;
}

import {
  type GateDecision,
  type GateMetricVerdict,
  type GateOutcome,
  type GatePolicy,
  gateExitCodes,
} from "../../../../contracts/comparison.ts";
import { type ComparisonInDetail, compareRunsInDetail } from "../comparison/comparison.rules.ts";
import { adjustPValues } from "../statistics/multiple-testing.ts";
import { groupCases } from "../summary/case-groups.rules.ts";
import type { RunScores } from "../summary/run-scores.ts";
import { type ComparedForGate, judgeMetric, outcomeOf } from "./gate-metric.rules.ts";

/**
 * Whether a candidate may replace a baseline. A metric fails when its floor is broken, or when the upper limit of
 * (candidate − baseline), turned so that positive is better, lies below −margin; it passes when the lower limit lies
 * above −margin; else it is inconclusive, as it is with too few scores or pairs, or an unfair comparison. A failure
 * must survive Holm's correction over the gated metrics. One failure fails the gate; it passes when all pass. Without
 * a baseline only floors are held. `policyHash` is the caller's hash of the policy.
 */
export function decideGate(
  baseline: RunScores | null,
  candidate: RunScores,
  policy: GatePolicy,
  policyHash: string,
): GateDecision {
  const { confidence, power, resamples, seed } = policy;
  const names = policy.metrics.map(({ metric }) => metric);
  const settings = {
    confidence,
    power,
    resamples,
    seed,
    metrics: names,
    correction: "holm",
    topCases: 0,
  } as const;
  const detail = baseline && compareRunsInDetail(baseline, candidate, settings);
  const warnings = (detail?.comparison.warnings ?? []).filter(
    ({ metric }) => metric === null || names.includes(metric),
  );
  const groups = groupCases(candidate.cases);
  const input = { candidate, groups, hasBaseline: baseline !== null, policy, warnings };
  const metrics = confirmFailures(
    policy.metrics.map((rule) => judgeMetric(rule, comparedOf(rule.metric, detail), input)),
    (1 - confidence) / 2,
  );
  const outcome = overall(metrics.map((verdict) => verdict.outcome));
  return {
    outcome,
    exitCode: gateExitCodes[outcome],
    policy,
    policyHash,
    baseline: baseline?.reference ?? null,
    candidate: candidate.reference,
    pairing: detail?.comparison.pairing ?? null,
    metrics,
    warnings,
  };
}

function comparedOf(metric: string, detail: ComparisonInDetail | null): ComparedForGate | null {
  const comparison = detail?.comparison.metrics.find((found) => found.metric === metric);
  if (detail === null || comparison === undefined) return null;
  const { pairs, unmatchedBaseline } = detail.comparison.pairing;
  return {
    comparison,
    improvement: detail.improvements.get(metric) ?? null,
    baselineCases: pairs + unmatchedBaseline,
  };
}

/**
 * Holm over the one-sided p-values of every metric that has one. The p is the interval turned round, so that with a
 * single metric this changes nothing.
 */
function confirmFailures(verdicts: readonly GateMetricVerdict[], level: number): GateMetricVerdict[] {
  const tested = verdicts.filter(({ pWorse }) => pWorse !== null);
  const adjusted = adjustPValues(
    tested.map(({ pWorse }) => pWorse ?? 1),
    "holm",
  );
  return verdicts.map((verdict) => {
    const adjustedPWorse = adjusted[tested.indexOf(verdict)] ?? null;
    const refuted = verdict.reason === "proved_worse" && (adjustedPWorse === null || adjustedPWorse > level);
    const reason = refuted ? "not_confirmed" : verdict.reason;
    return { ...verdict, adjustedPWorse, reason, outcome: outcomeOf(reason) };
  });
}

function overall(outcomes: readonly GateOutcome[]): GateOutcome {
  if (outcomes.includes("fail")) return "fail";
  return outcomes.every((outcome) => outcome === "pass") ? "pass" : "inconclusive";
}

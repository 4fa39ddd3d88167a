import * as z from "zod";

export const MetricDirection = z.enum(["higher", "lower"]);
export type MetricDirection = z.infer<typeof MetricDirection>;

/** Confidence limits and the method that made them; equal limits mean that nothing varied. */
export const Interval = z.strictObject({
  low: z.number(),
  high: z.number(),
  confidence: z.number().gt(0).lt(1),
  method: z.enum(["bca", "t", "wilson", "clopper_pearson"]),
});
export type Interval = z.infer<typeof Interval>;

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

/** Results by status. `missing` counts cases in which the run holds no result of the metric at all. */
export const StatusCounts = z.strictObject({
  scored: count,
  not_applicable: count,
  judge_error: count,
  cancelled: count,
  missing: count,
});
export type StatusCounts = z.infer<typeof StatusCounts>;

export const StatusReason = z.strictObject({ status: z.string(), reasonCode: z.string(), count });
export type StatusReason = z.infer<typeof StatusReason>;

/**
 * One metric over a run. Mean, interval and quantiles are over scored results only, repeats averaged inside a case
 * first; coverage is scored / total and null for an empty run. Tokens and cost are sums over all results.
 */
export const MetricSummary = z.strictObject({
  metric: z.string(),
  direction: MetricDirection,
  total: count,
  counts: StatusCounts,
  coverage: share.nullable(),
  /** Cases with at least one score: the n of the mean and of the interval. */
  cases: count,
  mean: z.number().nullable(),
  sd: z.number().nullable(),
  interval: Interval.nullable(),
  p10: z.number().nullable(),
  p50: z.number().nullable(),
  p90: z.number().nullable(),
  threshold: z.number().nullable(),
  /** Scored cases on the wrong side of the threshold; null without a threshold. */
  casesFailed: count.nullable(),
  /** Whether the mean meets the threshold; null without a threshold or a mean. */
  meetsThreshold: z.boolean().nullable(),
  reasons: z.array(StatusReason),
  tokens: z.strictObject({ input: count, output: count }),
  costMicros: z.number().nonnegative(),
  /** Results whose cost is unknown because their model has no price; the cost is then a lower bound. */
  unpricedResults: count,
});
export type MetricSummary = z.infer<typeof MetricSummary>;

/** A run in numbers: every metric, and what all of them used together. */
export const RunSummary = z.strictObject({
  cases: count,
  metrics: z.array(MetricSummary),
  tokens: z.strictObject({ input: count, output: count }),
  costMicros: z.number().nonnegative(),
  unpricedResults: count,
});
export type RunSummary = z.infer<typeof RunSummary>;

/** What a run was made from, by hash: two runs may be compared fairly when judge and metric options agree. */
export const RunReference = z.strictObject({
  runId: z.string(),
  configHash: z.string(),
  datasetHash: z.string(),
  judgeHash: z.string().nullable(),
  resultsHash: z.string().nullable(),
});
export type RunReference = z.infer<typeof RunReference>;

/** `unfair`: the scores do not mean the same thing on both sides; `note`: worth knowing. */
export const ComparisonWarning = z.strictObject({
  code: z.enum([
    "same_run",
    "dataset_differs",
    "dataset_unverified",
    "input_differs",
    "reference_differs",
    "judge_differs",
    "metric_options_differ",
    "direction_differs",
    "metric_in_one_run",
    "unmatched_cases",
    "duplicate_cases",
    "unscored_pairs",
  ]),
  severity: z.enum(["unfair", "note"]),
  metric: z.string().nullable(),
  count: count.nullable(),
  message: z.string(),
});
export type ComparisonWarning = z.infer<typeof ComparisonWarning>;

export const CaseChange = z.strictObject({
  baselineCaseId: z.string(),
  candidateCaseId: z.string(),
  baseline: z.number(),
  candidate: z.number(),
  difference: z.number(),
});
export type CaseChange = z.infer<typeof CaseChange>;

/** One metric in two runs over the cases scored in both. Every difference is candidate − baseline. */
export const MetricComparison = z.strictObject({
  metric: z.string(),
  direction: MetricDirection,
  /** Pairs with a score on both sides. */
  pairs: count,
  unscoredPairs: count,
  meanBaseline: z.number().nullable(),
  meanCandidate: z.number().nullable(),
  difference: z.number().nullable(),
  sdDifference: z.number().nullable(),
  interval: Interval.nullable(),
  test: z
    .strictObject({
      name: z.enum(["sign_flip", "mcnemar", "wilcoxon", "paired_t"]),
      exact: z.boolean(),
      pValue: share,
      /** Corrected for the number of metrics compared. */
      adjustedPValue: share,
    })
    .nullable(),
  effect: z.strictObject({
    cohenDz: z.number().nullable(),
    hedgesG: z.number().nullable(),
    cliffsDelta: z.number().nullable(),
    rankBiserial: z.number().nullable(),
    /** Only for pass/fail metrics. */
    riskDifference: z.number().nullable(),
  }),
  smallestDetectableEffect: z.number().nullable(),
  /** How far repeats alone move the difference; null without repeats. */
  noise: z.strictObject({ sd: z.number(), differenceError: z.number() }).nullable(),
  /** `better` or `worse` only where interval, adjusted p and noise floor all say so. */
  change: z.enum(["better", "worse", "no_evidence"]),
  casesBetter: count,
  casesWorse: count,
  casesEqual: count,
  regressions: z.array(CaseChange),
  improvements: z.array(CaseChange),
});
export type MetricComparison = z.infer<typeof MetricComparison>;

export const Pairing = z.strictObject({
  pairs: count,
  byCaseId: count,
  byInput: count,
  duplicates: count,
  unmatchedBaseline: count,
  unmatchedCandidate: count,
  /** The first unmatched case ids of each side. */
  unmatchedBaselineIds: z.array(z.string()),
  unmatchedCandidateIds: z.array(z.string()),
});
export type Pairing = z.infer<typeof Pairing>;

export const Comparison = z.strictObject({
  baseline: RunReference,
  candidate: RunReference,
  confidence: z.number(),
  correction: z.enum(["bh", "by", "holm", "none"]),
  resamples: count,
  seed: z.int(),
  pairing: Pairing,
  metrics: z.array(MetricComparison),
  warnings: z.array(ComparisonWarning),
});
export type Comparison = z.infer<typeof Comparison>;

export const GateRule = z.strictObject({
  metric: z.string().min(1),
  /** How much worse than the baseline the mean may be, in the unit of the score. */
  margin: z.number().nonnegative().default(0.05),
  /** The worst acceptable mean of the candidate: a lower limit, or an upper one where lower is better. */
  floor: z.number().optional(),
  minCoverage: share.optional(),
  /** The sd of run means over repeats of one configuration, where it was measured. */
  noiseSd: z.number().nonnegative().optional(),
});
export type GateRule = z.infer<typeof GateRule>;

export const GatePolicy = z.strictObject({
  metrics: z
    .array(GateRule)
    .min(1)
    .max(100)
    .superRefine((rules, context) => {
      const seen = new Set<string>();
      for (const [index, { metric }] of rules.entries()) {
        if (seen.has(metric)) {
          context.addIssue({
            code: "custom",
            path: [index, "metric"],
            message: `The metric "${metric}" has two rules.`,
          });
        }
        seen.add(metric);
      }
    }),
  confidence: z.number().min(0.5).max(0.99).default(0.95),
  minCoverage: share.default(0.95),
  minPairs: z.int().min(2).default(10),
  power: z.number().min(0.5).max(0.99).default(0.8),
  /** What an unfair comparison does: stop the gate as inconclusive, or only warn. */
  onUnfair: z.enum(["inconclusive", "warn"]).default("inconclusive"),
  resamples: z.int().min(1_000).max(100_000).default(10_000),
  seed: z.int().nonnegative().default(1),
});
export type GatePolicy = z.infer<typeof GatePolicy>;

export const GateOutcome = z.enum(["pass", "fail", "inconclusive"]);
export type GateOutcome = z.infer<typeof GateOutcome>;

/** What a process that runs a gate exits with. */
export const gateExitCodes: Readonly<Record<GateOutcome, 0 | 1 | 2>> = { pass: 0, fail: 1, inconclusive: 2 };

export const GateReason = z.enum([
  "not_worse",
  "floor_held",
  "proved_worse",
  "floor_broken",
  "metric_missing",
  "low_coverage",
  "no_baseline",
  "unfair_comparison",
  "low_pair_coverage",
  "too_few_pairs",
  "within_noise",
  "not_confirmed",
  "not_decided",
]);
export type GateReason = z.infer<typeof GateReason>;

/** The verdict on one metric with the numbers it rests on. */
export const GateMetricVerdict = z.strictObject({
  metric: z.string(),
  outcome: GateOutcome,
  reason: GateReason,
  direction: MetricDirection.nullable(),
  margin: z.number(),
  floor: z.number().nullable(),
  minCoverage: share,
  /** Scored / total of the candidate. */
  coverage: share.nullable(),
  /** Pairs scored on both sides / cases of the baseline. */
  pairCoverage: share.nullable(),
  pairs: count,
  meanBaseline: z.number().nullable(),
  /** The candidate's mean over all of its scored cases, which the floor is held against. */
  meanCandidate: z.number().nullable(),
  difference: z.number().nullable(),
  interval: Interval.nullable(),
  /** One-sided p of "no worse than the margin", and the same after Holm over the gated metrics. */
  pWorse: share.nullable(),
  adjustedPWorse: share.nullable(),
  noiseError: z.number().nullable(),
  smallestDetectableEffect: z.number().nullable(),
  /** Pairs after which a difference like the one seen would be decided; null where it is decided or no n is enough. */
  pairsNeeded: count.nullable(),
});
export type GateMetricVerdict = z.infer<typeof GateMetricVerdict>;

/** A decided gate without its seal; the hash of this value's canonical JSON seals it. */
export const GateDecision = z.strictObject({
  outcome: GateOutcome,
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  policy: GatePolicy,
  policyHash: z.string(),
  baseline: RunReference.nullable(),
  candidate: RunReference,
  pairing: Pairing.nullable(),
  metrics: z.array(GateMetricVerdict),
  warnings: z.array(ComparisonWarning),
});
export type GateDecision = z.infer<typeof GateDecision>;

/** The evidence of a gate: `hash` is the SHA-256 of the canonical JSON of everything else. */
export const GateVerdict = GateDecision.extend({ hash: z.string() });
export type GateVerdict = z.infer<typeof GateVerdict>;

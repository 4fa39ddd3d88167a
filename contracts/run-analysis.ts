import * as z from "zod";
import { Interval, RunSummary } from "./comparison.ts";

const count = z.int().nonnegative();

/** The worst scored cases of a metric, worst first. */
export const WorstCases = z.strictObject({
  metric: z.string(),
  cases: z.array(
    z.strictObject({
      caseId: z.string(),
      score: z.number(),
      meetsThreshold: z.boolean().nullable(),
      tags: z.array(z.string()),
    }),
  ),
});
export type WorstCases = z.infer<typeof WorstCases>;

/** The means of the cases with one tag; a case with several tags counts in each. */
export const TagSummary = z.strictObject({
  tag: z.string(),
  cases: count,
  metrics: z.array(
    z.strictObject({
      metric: z.string(),
      cases: count,
      mean: z.number().nullable(),
      interval: Interval.nullable(),
    }),
  ),
});
export type TagSummary = z.infer<typeof TagSummary>;

/** How two metrics move together over the cases scored on both; null where a side does not vary. */
export const MetricCorrelation = z.strictObject({
  metrics: z.tuple([z.string(), z.string()]),
  cases: count,
  pearson: z.number().nullable(),
  spearman: z.number().nullable(),
});
export type MetricCorrelation = z.infer<typeof MetricCorrelation>;

export const RunAnalysis = z.strictObject({
  summary: RunSummary,
  worstCases: z.array(WorstCases),
  tags: z.array(TagSummary),
  tagsLeftOut: count,
  correlations: z.array(MetricCorrelation),
});
export type RunAnalysis = z.infer<typeof RunAnalysis>;

import type {
  MetricCorrelation,
  RunAnalysis,
  TagSummary,
  WorstCases,
} from "../../../../contracts/run-analysis.ts";
import { pearson, spearman } from "../statistics/correlation.ts";
import { mean } from "../statistics/descriptive.ts";
import { largeSample } from "../statistics/mean-estimate.ts";
import { type CaseGroup, caseScore, groupCases } from "./case-groups.rules.ts";
import type { RunMetric, RunScores } from "./run-scores.ts";
import { scoreInterval, summarizeRun } from "./summary.rules.ts";
import { meetsLimit, signOf } from "./thresholds.rules.ts";

export interface AnalysisOptions {
  readonly confidence?: number;
  /** Resamples of each tag's interval, 2,000 by default: there are tags × metrics of them. */
  readonly resamples?: number;
  readonly seed?: number;
  /** Cases listed for each metric, 10 by default. */
  readonly worst?: number;
  /** Tags broken down, the most frequent first, 50 by default. */
  readonly maxTags?: number;
}

/** Where a run is weak: its summary, worst cases, means by tag with intervals, and how the metrics move together. */
export function analyseRun(
  run: Pick<RunScores, "metrics" | "cases">,
  options: AnalysisOptions = {},
): RunAnalysis {
  const { worst = 10, maxTags = 50, confidence = 0.95, resamples = 2_000, seed = 1 } = options;
  const groups = groupCases(run.cases);
  const scores = new Map(
    run.metrics.map(({ name }) => [name, groups.map((group) => caseScore(group, name))]),
  );
  const tagged = indexTags(groups);
  return {
    summary: summarizeRun(run, { confidence, seed }),
    worstCases: run.metrics.map((metric) => worstOf(metric, groups, scores.get(metric.name) ?? [], worst)),
    tags: tagged
      .slice(0, maxTags)
      .map(([tag, members]) =>
        tagSummary(tag, members, run.metrics, scores, { confidence, resamples, seed }),
      ),
    tagsLeftOut: Math.max(0, tagged.length - maxTags),
    correlations: correlationsOf(run.metrics, scores),
  };
}

function tagsOf(group: CaseGroup): string[] {
  return [...new Set(group.rows.flatMap(({ tags }) => tags))];
}

/** Each tag with the positions of its cases, most cases first. */
function indexTags(groups: readonly CaseGroup[]): [string, number[]][] {
  const byTag = new Map<string, number[]>();
  for (const [index, group] of groups.entries()) {
    for (const tag of tagsOf(group)) {
      const members = byTag.get(tag);
      if (members === undefined) byTag.set(tag, [index]);
      else members.push(index);
    }
  }
  return [...byTag].sort(([a, inA], [b, inB]) => inB.length - inA.length || (a < b ? -1 : 1));
}

function worstOf(
  { name, direction, threshold }: RunMetric,
  groups: readonly CaseGroup[],
  scores: readonly (number | null)[],
  limit: number,
): WorstCases {
  const sign = signOf(direction);
  const listed = groups
    .flatMap((group, index) => {
      const score = scores[index] ?? null;
      return score === null ? [] : [{ group, score }];
    })
    .sort((a, b) => sign * (a.score - b.score))
    .slice(0, limit);
  return {
    metric: name,
    cases: listed.map(({ group, score }) => ({
      caseId: group.caseId,
      score,
      meetsThreshold: threshold === undefined ? null : meetsLimit(score, threshold, direction),
      tags: tagsOf(group),
    })),
  };
}

function tagSummary(
  tag: string,
  members: readonly number[],
  metrics: readonly RunMetric[],
  scores: ReadonlyMap<string, readonly (number | null)[]>,
  options: { confidence: number; resamples: number; seed: number },
): TagSummary {
  return {
    tag,
    cases: members.length,
    metrics: metrics.map(({ name, binary }) => {
      const all = scores.get(name) ?? [];
      const own = members.flatMap((index) => all[index] ?? []);
      return {
        metric: name,
        cases: own.length,
        mean: mean(own),
        interval: scoreInterval(own, binary, options),
      };
    }),
  };
}

/** Over the cases scored on both metrics; ρ needs two sorts a pair of metrics, so it stops at `largeSample` cases. */
function correlationsOf(
  metrics: readonly RunMetric[],
  scores: ReadonlyMap<string, readonly (number | null)[]>,
): MetricCorrelation[] {
  return metrics.flatMap(({ name: a }, position) =>
    metrics.slice(position + 1).map(({ name: b }) => {
      const left: number[] = [];
      const right: number[] = [];
      const other = scores.get(b) ?? [];
      for (const [index, score] of (scores.get(a) ?? []).entries()) {
        const match = other[index] ?? null;
        if (score === null || match === null) continue;
        left.push(score);
        right.push(match);
      }
      return {
        metrics: [a, b],
        cases: left.length,
        pearson: pearson(left, right),
        spearman: left.length > largeSample ? null : spearman(left, right),
      };
    }),
  );
}

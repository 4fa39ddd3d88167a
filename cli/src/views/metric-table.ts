import type { MetricSummary } from "../../../contracts/comparison.ts";
import type { Cli } from "../cli.ts";
import { interval, percent, score } from "../terminal/numbers.ts";

/** The metrics of a run: score, coverage, confidence interval, and the cases beyond the threshold. */
export function metricTable(
  { out, say }: Pick<Cli, "out" | "say">,
  metrics: readonly MetricSummary[],
): string {
  const { paint } = out;
  return out.table<MetricSummary>(
    [
      { title: say.metric, of: ({ metric }) => metric },
      {
        title: say.score,
        align: "right",
        of: ({ mean }) => score(mean),
        paint: (text, { meetsThreshold }) =>
          meetsThreshold === null ? text : meetsThreshold ? paint.green(text) : paint.red(text),
      },
      { title: say.coverage, align: "right", of: ({ coverage }) => percent(coverage) },
      { title: say.interval, align: "right", of: (metric) => interval(metric.interval) },
      {
        title: say.failed,
        align: "right",
        of: ({ casesFailed, counts }) => (casesFailed === null ? null : `${casesFailed}/${counts.scored}`),
      },
    ],
    metrics,
  );
}

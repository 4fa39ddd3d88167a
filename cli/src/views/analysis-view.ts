import type { RunAnalysis, TagSummary } from "../../../contracts/run-analysis.ts";
import type { Cli } from "../cli.ts";
import { score } from "../terminal/numbers.ts";
import { metricTable } from "./metric-table.ts";

const worstShown = 5;

/** Where a run is weak: its metrics, the worst cases of each, and the means by tag. */
export function analysisView(cli: Pick<Cli, "out" | "say">, analysis: RunAnalysis): string {
  const { out, say } = cli;
  const worst = analysis.worstCases.flatMap(({ metric, cases }) =>
    cases.slice(0, worstShown).map((found) => ({ metric, ...found })),
  );
  const metrics = analysis.summary.metrics.map(({ metric }) => metric);
  const mean = (row: TagSummary, metric: string) =>
    row.metrics.find((found) => found.metric === metric)?.mean;
  return [
    metricTable(cli, analysis.summary.metrics),
    "",
    out.paint.bold(say.worst),
    out.table(
      [
        { title: say.metric, of: (row) => row.metric },
        { title: say.caseId, of: (row) => row.caseId },
        { title: say.score, align: "right", of: (row) => score(row.score) },
        { title: say.tags, canShrink: true, of: (row) => row.tags.join(" ") },
      ],
      worst,
    ),
    "",
    out.paint.bold(say.byTag),
    out.table<TagSummary>(
      [
        { title: say.tags, of: ({ tag }) => tag },
        { title: say.cases, align: "right", of: ({ cases }) => cases },
        ...metrics.map((metric) => ({
          title: metric,
          align: "right" as const,
          of: (row: TagSummary) => score(mean(row, metric)),
        })),
      ],
      analysis.tags,
    ),
  ].join("\n");
}

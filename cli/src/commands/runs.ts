import type { RunAnalysis } from "../../../contracts/run-analysis.ts";
import type { CaseResult, Run } from "../../../contracts/runs.ts";
import { type Command, defineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { instant, score } from "../terminal/numbers.ts";
import type { Column } from "../terminal/table.ts";
import { analysisView } from "../views/analysis-view.ts";
import { runAddresses, runReport } from "../views/run-report.ts";
import { callCommand } from "./call-command.ts";
import { argument, projectOption } from "./common.ts";
import { download, outputOption } from "./download.ts";
import { listCommand } from "./list-command.ts";

const run = argument("id", "The run", "실행 id");

export const runCommands: readonly Command[] = [
  listCommand({
    path: "runs list",
    summary: { en: "List runs, newest first", ko: "실행 목록, 최신순" },
    action: "evaluation.run.list",
    options: {
      dataset: {
        type: "string",
        value: "ID",
        summary: { en: "Only over this data set", ko: "이 데이터셋만" },
      },
      profile: {
        type: "string",
        value: "NAME",
        summary: { en: "Only with this model profile", ko: "이 모델 프로필만" },
      },
      ...projectOption,
    },
    fields: ({ options }) => ({
      datasetId: options.dataset,
      profile: options.profile,
      projectId: options.project,
    }),
    columns: ({ say }): readonly Column<Run>[] => [
      { title: say.id, of: ({ id }) => id },
      { title: say.name, canShrink: true, of: ({ name }) => name },
      { title: say.dataset, canShrink: true, of: ({ dataset }) => `${dataset.name}@${dataset.version}` },
      { title: say.cases, align: "right", of: ({ cases }) => cases.total },
      {
        title: say.score,
        canShrink: true,
        of: ({ summary }) =>
          summary
            .slice(0, 2)
            .map(({ metric, mean }) => `${metric} ${score(mean)}`)
            .join("  "),
      },
      { title: say.ended, of: ({ finishedAt }) => instant(finishedAt) },
    ],
  }),
  defineCommand({
    path: "runs get",
    summary: {
      en: "Show a run: metrics, coverage, intervals, cost",
      ko: "실행 보기: 지표, 커버리지, 신뢰구간, 비용",
    },
    arguments: [run],
    async run(cli, input) {
      const api = await cli.api();
      const found = await api.call<Run>("evaluation.run.get", { id: input.argument("id") });
      cli.out.result(found, () => `${runReport(cli, found)}\n\n${runAddresses(cli, api.endpoint, found.id)}`);
      return exitCodes.ok;
    },
  }),
  listCommand({
    path: "runs cases",
    summary: { en: "List the cases of a run with their scores", ko: "실행의 케이스와 점수" },
    action: "evaluation.case.list",
    arguments: [run],
    options: {
      failing: {
        type: "string",
        value: "METRIC",
        summary: { en: "Only those that fail this metric", ko: "이 지표에 미달한 것만" },
      },
      case: { type: "string", value: "ID", summary: { en: "Only this case", ko: "이 케이스만" } },
    },
    fields: (input) => ({
      id: input.argument("id"),
      failing: input.options.failing,
      caseId: input.options.case,
    }),
    columns: ({ say }): readonly Column<CaseResult>[] => [
      { title: say.caseId, of: ({ caseId }) => caseId },
      { title: say.tags, canShrink: true, of: ({ tags }) => tags.join(" ") },
      {
        title: say.score,
        canShrink: true,
        of: ({ scores, error }) =>
          error?.message ??
          Object.entries(scores)
            .map(
              ([name, given]) => `${name} ${given.score === undefined ? given.status : score(given.score)}`,
            )
            .join("  "),
      },
    ],
  }),
  callCommand({
    path: "runs analyse",
    summary: {
      en: "Where a run is weak: worst cases, tags, correlations",
      ko: "약한 곳: 점수가 낮은 케이스, 태그, 상관",
    },
    action: "evaluation.run.analyse",
    arguments: [run],
    show: (cli, analysis: RunAnalysis) => analysisView(cli, analysis),
  }),
  defineCommand({
    path: "runs export",
    summary: { en: "Download the results of all cases", ko: "모든 케이스의 결과 내려받기" },
    arguments: [run],
    options: {
      format: {
        type: "string",
        choices: ["jsonl", "csv"],
        summary: { en: "jsonl (default) or csv", ko: "jsonl(기본) 또는 csv" },
      },
      ...outputOption,
    },
    run: (cli, input) =>
      download(
        cli,
        "evaluation.run.export",
        { id: input.argument("id"), format: input.options.format },
        input.options.output,
      ),
  }),
  callCommand({
    path: "metrics",
    summary: { en: "The metrics there are", ko: "지표 목록" },
    action: "evaluation.metric.list",
    show: ({ out, say, language }, { items }: { items: readonly MetricInfo[] }) =>
      out.table<MetricInfo>(
        [
          { title: say.metric, of: ({ name, isDefault }) => (isDefault ? `${name} *` : name) },
          { title: say.title, canShrink: true, of: ({ title }) => title[language] },
          { title: say.family, of: ({ family }) => family },
          { title: say.needs, canShrink: true, of: ({ needs }) => needs.join(", ") },
          {
            title: say.model,
            of: ({ usesJudge, usesEmbeddings }) =>
              [usesJudge && "judge", usesEmbeddings && "embeddings"].filter(Boolean).join(" "),
          },
        ],
        items,
      ),
  }),
];

interface MetricInfo {
  readonly name: string;
  readonly title: Readonly<Record<"en" | "ko", string>>;
  readonly family: string;
  readonly needs: readonly string[];
  readonly usesJudge: boolean;
  readonly usesEmbeddings: boolean;
  readonly isDefault: boolean;
}

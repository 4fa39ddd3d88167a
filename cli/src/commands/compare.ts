import type { Comparison, GateVerdict } from "../../../contracts/comparison.ts";
import { type Command, defineCommand } from "../command.ts";
import { usageError } from "../failure.ts";
import { comparisonView, gateView } from "../views/comparison-view.ts";
import { callCommand } from "./call-command.ts";
import { argument, commaList, readJson, wholeNumber } from "./common.ts";

const confidenceOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw usageError(`--confidence is a number such as 0.95.`, `--confidence는 0.95 같은 수입니다.`);
};

const seedOption = {
  type: "string",
  value: "N",
  summary: { en: "Seed of the resampling (1)", ko: "재표집 시드 (1)" },
} as const;

export const comparisonCommands: readonly Command[] = [
  callCommand({
    path: "compare",
    summary: { en: "Compare two runs case by case", ko: "두 실행을 케이스별로 비교" },
    action: "evaluation.run.compare",
    arguments: [
      argument("baseline", "The run before", "기준 실행"),
      argument("candidate", "The run after", "후보 실행"),
    ],
    options: {
      metrics: { type: "string", value: "A,B", summary: { en: "Only these metrics", ko: "이 지표만" } },
      confidence: { type: "string", value: "0.95", summary: { en: "Of the intervals", ko: "신뢰수준" } },
      correction: {
        type: "string",
        choices: ["bh", "by", "holm", "none"],
        summary: { en: "For comparing several metrics (bh)", ko: "다중 비교 보정 (bh)" },
      },
      test: {
        type: "string",
        choices: ["auto", "sign_flip", "wilcoxon", "paired_t"],
        summary: { en: "Which test (auto)", ko: "검정 방법 (auto)" },
      },
      seed: seedOption,
    },
    fields: (input) => ({
      baseline: input.argument("baseline"),
      candidate: input.argument("candidate"),
      metrics: input.options.metrics === undefined ? undefined : commaList(input.options.metrics),
      confidence: confidenceOf(input.options.confidence),
      correction: input.options.correction,
      test: input.options.test,
      seed: wholeNumber("seed", input.options.seed),
    }),
    show: (cli, comparison: Comparison) => comparisonView(cli, comparison),
  }),
  defineCommand({
    path: "gate",
    summary: {
      en: "Decide whether a run may replace another: exit 0 pass, 1 fail, 2 inconclusive",
      ko: "실행의 교체 여부 판정: 종료 코드 0 통과, 1 실패, 2 판단 불가",
    },
    arguments: [
      argument("baseline", "The run before; `none` for floors alone", "기준 실행; 하한만 볼 때는 `none`"),
      argument("candidate", "The run that wants in", "후보 실행"),
    ],
    options: {
      policy: {
        type: "string",
        value: "FILE",
        summary: { en: "The policy as JSON (- is stdin)", ko: "정책 JSON 파일 (-은 표준 입력)" },
      },
    },
    async run(cli, input) {
      const { policy: path } = input.options;
      if (path === undefined) {
        throw usageError(
          "--policy names the file with the rules of the gate; `maru gate --help`.",
          "--policy에 게이트 규칙 파일을 지정하세요. `maru gate --help`",
        );
      }
      const baseline = input.argument("baseline");
      const verdict = await (await cli.api()).call<GateVerdict>("evaluation.run.gate", {
        baseline: baseline === "none" ? null : baseline,
        candidate: input.argument("candidate"),
        policy: await readJson(cli, path),
      });
      cli.out.result(verdict, () => gateView(cli, verdict));
      return verdict.exitCode;
    },
  }),
];

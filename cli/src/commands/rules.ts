import type { BacktestReport } from "../../../contracts/backtest.ts";
import type { RuleTemplateDetail, RuleTemplateSummary } from "../../../contracts/rule-templates.ts";
import { type Command, defineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { usageError } from "../failure.ts";
import { asRefusal } from "../local-refusal.ts";
import { plain } from "../terminal/display-width.ts";
import type { Column } from "../terminal/table.ts";
import { backtestView } from "../views/backtest-view.ts";
import { ruleTestView } from "../views/rule-test-view.ts";
import { callCommand } from "./call-command.ts";
import { argument, readJson, readJsonObject, readText, wholeNumber } from "./common.ts";
import { listCommand } from "./list-command.ts";

const rule = argument("id", "The rule", "규칙 id");
const template = argument("template", "The template", "템플릿 id");
const file = (en: string, ko: string) => ({ type: "string", value: "FILE", summary: { en, ko } }) as const;

interface ShadowComparison {
  readonly shadowVersion: number;
  readonly liveVersion: number | null;
  readonly replay: BacktestReport;
}

interface Instantiated {
  readonly definition: unknown;
  readonly rule: { readonly id: string; readonly name: string } | null;
}

const testCommand = defineCommand({
  path: "rules test",
  summary: {
    en: "Run a file of rule tests on this machine: exit 0 passed, 1 failed; needs no server",
    ko: "규칙 테스트 파일을 이 컴퓨터에서 실행: 종료 코드 0 통과, 1 실패; 서버 불필요",
  },
  arguments: [argument("file", "YAML or JSON", "YAML 또는 JSON 파일", { isFile: true })],
  async run(cli, input) {
    const { testRulesLocally } = await import("../../../src/local.ts");
    try {
      const report = testRulesLocally(input.argument("file"), readText);
      cli.out.result(report, () => ruleTestView(cli, report));
      return report.ok ? exitCodes.ok : exitCodes.failed;
    } catch (error) {
      throw asRefusal(error);
    }
  },
});

const instantOption = (en: string, ko: string) =>
  ({ type: "string", value: "INSTANT", summary: { en, ko } }) as const;

const backtestCommand = callCommand({
  path: "rules backtest",
  summary: {
    en: "Replay stored events, or a file of them, through a rule: what would have fired, and who told",
    ko: "저장된 이벤트나 파일의 이벤트를 규칙에 재생: 무엇이 발생하고 누구에게 알렸을지",
  },
  action: "rules.rule.backtest",
  arguments: [rule],
  options: {
    version: { type: "string", value: "N", summary: { en: "Which version (the latest)", ko: "버전 (최신)" } },
    definition: file("A definition that is no version yet, as JSON", "아직 버전이 아닌 정의 (JSON)"),
    from: instantOption("From when (2030-01-31T09:00:00Z)", "시작 시각 (2030-01-31T09:00:00Z)"),
    to: instantOption("Until when", "끝 시각"),
    sources: { type: "string", value: "A,B", summary: { en: "Only these sources", ko: "이 소스만" } },
    events: file("Events to replay instead, a JSON list", "대신 재생할 이벤트 (JSON 목록)"),
    routing: file("Another routing of notifications, as JSON", "다른 알림 라우팅 (JSON)"),
  },
  fields: async ({ argument: given, options }, cli) => ({
    id: given("id"),
    version: wholeNumber("version", options.version),
    from: options.from,
    to: options.to,
    sourceIds: options.sources?.split(","),
    definition: options.definition === undefined ? undefined : await readJsonObject(cli, options.definition),
    events: options.events === undefined ? undefined : await readJson(cli, options.events),
    routing: options.routing === undefined ? undefined : await readJsonObject(cli, options.routing),
  }),
  show: (cli, report: BacktestReport) => backtestView(cli, report),
});

const shadowCommand = callCommand({
  path: "rules shadow",
  summary: {
    en: "Say what the version that only watches does otherwise than the live one",
    ko: "관찰 중인 버전이 운영 버전과 무엇이 다른지 보기",
  },
  action: "rules.rule.shadow_diff",
  arguments: [rule],
  options: {
    hours: { type: "string", value: "N", summary: { en: "Of the last hours (24)", ko: "최근 시간 (24)" } },
  },
  fields: ({ argument: given, options }) => ({ id: given("id"), hours: wholeNumber("hours", options.hours) }),
  show: (cli, { shadowVersion, liveVersion, replay }: ShadowComparison) =>
    `${cli.say.shadowVersions(shadowVersion, liveVersion)}\n${backtestView(cli, replay)}`,
});

const templatesCommand = listCommand({
  path: "rules templates",
  summary: { en: "List templates of rules", ko: "규칙 템플릿 목록" },
  action: "rules.template.list",
  options: {
    category: {
      type: "string",
      choices: ["ai", "infrastructure", "security"],
      summary: { en: "Only these", ko: "이 분류만" },
    },
  },
  fields: ({ options }) => ({ category: options.category }),
  columns: ({ say, language }): readonly Column<RuleTemplateSummary>[] => [
    { title: say.id, of: ({ id }) => id },
    { title: say.category, of: ({ category }) => category },
    { title: say.title, canShrink: true, of: ({ title }) => title[language] },
  ],
});

interface Parameter {
  readonly default?: unknown;
  readonly description?: string;
}

const templateCommand = callCommand({
  path: "rules template",
  summary: { en: "Show a template and its parameters", ko: "템플릿과 매개변수 보기" },
  action: "rules.template.get",
  arguments: [template],
  fields: ({ argument: given }) => ({ id: given("template") }),
  show: ({ out, say, language }, { title, description, parameters }: RuleTemplateDetail) => {
    const set = Object.entries((parameters.properties ?? {}) as Record<string, Parameter>);
    const table = out.table<(typeof set)[number]>(
      [
        { title: say.parameters, of: ([name]) => name },
        {
          title: say.byDefault,
          of: ([, one]) => (one.default === undefined ? "–" : JSON.stringify(one.default)),
        },
        { title: say.description, canShrink: true, of: ([, one]) => one.description },
      ],
      set,
    );
    return [title[language], description[language], "", table].join("\n");
  },
});

const instantiateCommand = callCommand({
  path: "rules instantiate",
  summary: {
    en: "Make a rule's definition of a template; with --create the rule too, as a draft",
    ko: "템플릿으로 규칙 정의 만들기; --create를 주면 초안 규칙도 생성",
  },
  action: "rules.template.instantiate",
  arguments: [template],
  options: {
    set: {
      type: "string",
      multiple: true,
      value: "NAME=VALUE",
      summary: { en: "A parameter; may be given several times", ko: "매개변수; 여러 번 줄 수 있음" },
    },
    name: { type: "string", value: "NAME", summary: { en: "The rule's name", ko: "규칙 이름" } },
    create: { type: "boolean", summary: { en: "Make the rule", ko: "규칙 생성" } },
    project: { type: "string", value: "ID", summary: { en: "In this project", ko: "프로젝트" } },
  },
  fields: ({ argument: given, options }) => ({
    id: given("template"),
    parameters: Object.fromEntries((options.set ?? []).map(parameterOf)),
    name: options.name,
    create: options.create,
    projectId: options.project,
  }),
  show: ({ say }, { definition, rule: made }: Instantiated) =>
    made === null ? JSON.stringify(definition, null, 2) : say.done(`${made.id} ${plain(made.name)}`),
});

/** `open=95` is a number, `groupBy=node` text, `sourceIds=["a"]` a list: JSON where it is JSON. */
function parameterOf(text: string): [string, unknown] {
  const at = text.indexOf("=");
  if (at < 1) {
    throw usageError(`--set takes NAME=VALUE, not "${text}".`, `--set은 이름=값 형식입니다: "${text}"`);
  }
  const value = text.slice(at + 1);
  try {
    return [text.slice(0, at), JSON.parse(value)];
  } catch {
    return [text.slice(0, at), value];
  }
}

export const ruleCommands: readonly Command[] = [
  testCommand,
  backtestCommand,
  shadowCommand,
  templatesCommand,
  templateCommand,
  instantiateCommand,
];

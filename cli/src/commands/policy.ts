import type { UsagePolicy } from "../../../contracts/usage-policy.ts";
import type { Cli } from "../cli.ts";
import { type Command, defineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { usageError } from "../failure.ts";
import { instant, money } from "../terminal/numbers.ts";
import { record } from "../terminal/table.ts";
import { callCommand } from "./call-command.ts";
import { argument, commaList, readJsonObject, wholeNumber } from "./common.ts";

interface Policy extends UsagePolicy {
  readonly version: number;
  readonly updatedBy: string | null;
  readonly updatedAt: string | null;
}

const cost = (micros: number | null): string => (micros === null ? "–" : money(micros));

const policyRecord = ({ say }: Pick<Cli, "say">, policy: Policy): string =>
  record([
    ["allowedModels", policy.allowedModels?.join(", ") ?? "*"],
    ["allowedMetrics", policy.allowedMetrics?.join(", ") ?? "*"],
    ["dailyCostLimit", cost(policy.dailyCostLimitMicros)],
    ["monthlyCostLimit", cost(policy.monthlyCostLimitMicros)],
    ["maxConcurrentRuns", policy.maxConcurrentRuns],
    ["maxDailyRuns", policy.maxDailyRuns],
    ["dataRetentionDays", policy.dataRetentionDays],
    ["timeZone", policy.timeZone],
    [say.version, policy.version],
    [say.author, policy.updatedBy],
    [say.updated, instant(policy.updatedAt)],
  ]);

const costOf = (name: string, text: string | undefined): number | null | undefined => {
  if (text === undefined) return undefined;
  if (text === "none") return null;
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return Math.round(value * 1_000_000);
  throw usageError(
    `--${name} is an amount such as 25.50, or none.`,
    `--${name}은(는) 25.50 같은 금액이거나 none입니다.`,
  );
};

const namesOf = (text: string | undefined): readonly string[] | null | undefined =>
  text === undefined ? undefined : text === "any" ? null : commaList(text);

export const policyCommands: readonly Command[] = [
  callCommand({
    path: "policy get",
    summary: { en: "Show the usage policy", ko: "사용 정책 보기" },
    action: "policy.policy.get",
    show: policyRecord,
  }),
  defineCommand({
    path: "policy set",
    summary: {
      en: "Change the usage policy: some fields by options, or all of it from a file",
      ko: "사용 정책 바꾸기: 옵션으로 일부, 또는 파일로 전부",
    },
    arguments: [
      argument("file", "The whole policy as JSON (- is stdin)", "전체 정책 JSON (-은 표준 입력)", {
        optional: true,
        isFile: true,
      }),
    ],
    options: {
      models: { type: "string", value: "A,B|any", summary: { en: "Allowed models", ko: "허용 모델" } },
      metrics: { type: "string", value: "A,B|any", summary: { en: "Allowed metrics", ko: "허용 지표" } },
      "daily-cost": {
        type: "string",
        value: "AMOUNT|none",
        summary: { en: "Cost limit of a day", ko: "하루 비용 한도" },
      },
      "monthly-cost": {
        type: "string",
        value: "AMOUNT|none",
        summary: { en: "Cost limit of a month", ko: "한 달 비용 한도" },
      },
      "concurrent-runs": { type: "string", value: "N", summary: { en: "Runs at once", ko: "동시 실행 수" } },
      "daily-runs": { type: "string", value: "N", summary: { en: "Runs of a day", ko: "하루 실행 수" } },
      "retention-days": {
        type: "string",
        value: "N",
        summary: { en: "Days that data is kept", ko: "데이터 보관 일수" },
      },
      "time-zone": {
        type: "string",
        value: "ZONE",
        summary: { en: "Where a day begins: Asia/Seoul", ko: "하루의 기준 시간대: Asia/Seoul" },
      },
    },
    async run(cli, input) {
      const api = await cli.api();
      const { options } = input;
      const { version, updatedAt: _at, updatedBy: _by, ...now } = await api.call<Policy>("policy.policy.get");
      const path = input.optional("file");
      const changes = {
        allowedModels: namesOf(options.models),
        allowedMetrics: namesOf(options.metrics),
        dailyCostLimitMicros: costOf("daily-cost", options["daily-cost"]),
        monthlyCostLimitMicros: costOf("monthly-cost", options["monthly-cost"]),
        maxConcurrentRuns: wholeNumber("concurrent-runs", options["concurrent-runs"]),
        maxDailyRuns: wholeNumber("daily-runs", options["daily-runs"]),
        dataRetentionDays: wholeNumber("retention-days", options["retention-days"]),
        timeZone: options["time-zone"],
      };
      const set = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      if (path === undefined && Object.keys(set).length === 0) {
        throw usageError(
          "Say what to change; `maru policy set --help`.",
          "바꿀 것을 지정하세요. `maru policy set --help`",
        );
      }
      const base = path === undefined ? now : await readJsonObject(cli, path);
      const policy = await api.call<Policy>(
        "policy.policy.update",
        { ...base, ...set },
        { expectedVersion: version },
      );
      cli.out.result(policy, () => policyRecord(cli, policy));
      return exitCodes.ok;
    },
  }),
];

import type { JobCallback, MetricChoice } from "../../../contracts/runs.ts";
import type { Cli } from "../cli.ts";
import type { Fields } from "../client/operation-request.ts";
import type { OptionSpecs, Values } from "../command.ts";
import { usageError } from "../failure.ts";
import { commaList, instantOf, readJson, wholeNumber } from "./common.ts";

/** What a run is made of; the same with and without a server. */
export const runOptions = {
  metrics: {
    type: "string",
    multiple: true,
    value: "A,B",
    summary: {
      en: "Metrics by name (default: those that need no model)",
      ko: "지표 이름 (기본: 모델이 필요 없는 지표)",
    },
  },
  "metrics-file": {
    type: "string",
    value: "FILE",
    summary: {
      en: "Metrics with options as JSON: [{name, options, threshold}]",
      ko: "옵션이 있는 지표 JSON: [{name, options, threshold}]",
    },
  },
  threshold: {
    type: "string",
    multiple: true,
    value: "METRIC=X",
    summary: { en: "The score a case must reach", ko: "케이스가 넘어야 할 점수" },
  },
  profile: {
    type: "string",
    value: "NAME",
    summary: { en: "Model profile for metrics that ask a judge", ko: "평가 모델을 쓰는 지표의 모델 프로필" },
  },
  name: { type: "string", value: "TEXT", summary: { en: "What to call the run", ko: "실행 이름" } },
  project: { type: "string", value: "ID", summary: { en: "Project of the run", ko: "실행의 프로젝트" } },
  priority: {
    type: "string",
    value: "0-9",
    summary: { en: "9 is the most urgent (5)", ko: "9가 가장 급함 (5)" },
  },
  "run-at": {
    type: "string",
    value: "WHEN",
    summary: { en: "Start then: an instant, or 2h", ko: "시작 시각 또는 2h" },
  },
  "expires-at": {
    type: "string",
    value: "WHEN",
    summary: { en: "Give up unless started by then", ko: "이때까지 시작하지 못하면 그만둠" },
  },
  callback: {
    type: "string",
    value: "URL",
    summary: { en: "Tell this address when the job has ended", ko: "작업이 끝나면 알릴 주소" },
  },
  "callback-secret": {
    type: "string",
    value: "NAME",
    summary: { en: "Secret (whsec_...) that signs the callback", ko: "알림에 서명할 시크릿 (whsec_...)" },
  },
  "max-cases": {
    type: "string",
    value: "N",
    summary: { en: "Only the first so many cases", ko: "앞에서부터 이만큼만" },
  },
  repeats: {
    type: "string",
    value: "N",
    summary: { en: "Judge each case so often (1)", ko: "케이스마다 반복 횟수 (1)" },
  },
  concurrency: {
    type: "string",
    value: "N",
    summary: { en: "Cases at once in one worker (4)", ko: "워커 하나가 동시에 볼 케이스 (4)" },
  },
  seed: { type: "string", value: "N", summary: { en: "Seed of the intervals (1)", ko: "신뢰구간 시드 (1)" } },
  "no-cache": {
    type: "boolean",
    summary: { en: "Ask the judge even where an answer is known", ko: "알고 있는 답도 다시 묻기" },
  },
} as const satisfies OptionSpecs;

export type RunOptionValues = Values<typeof runOptions>;

/** The metrics that were named, with their thresholds. */
export async function metricsOf(
  cli: Pick<Cli, "machine">,
  options: RunOptionValues,
): Promise<MetricChoice[]> {
  const named: MetricChoice[] = (options.metrics ?? []).flatMap(commaList);
  const file = options["metrics-file"];
  const listed = file === undefined ? [] : await readJson(cli, file);
  if (!Array.isArray(listed)) {
    throw usageError(
      "--metrics-file must hold a JSON list.",
      "--metrics-file에는 JSON 목록이 있어야 합니다.",
    );
  }
  const choices = [...named, ...(listed as MetricChoice[])];
  for (const text of options.threshold ?? []) {
    const [, name = "", limit = ""] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    const threshold = Number(limit);
    const index = choices.findIndex((choice) => (typeof choice === "string" ? choice : choice.name) === name);
    if (name === "" || limit === "" || !Number.isFinite(threshold)) {
      throw usageError("--threshold is METRIC=NUMBER.", "--threshold는 지표=숫자 형식입니다.");
    }
    const choice = choices[index];
    if (choice === undefined) {
      throw usageError(
        `--threshold names "${name}", which is not among --metrics.`,
        `--threshold의 "${name}"이(가) --metrics에 없습니다.`,
      );
    }
    choices[index] = typeof choice === "string" ? { name, options: {}, threshold } : { ...choice, threshold };
  }
  return choices;
}

/** What `POST /v1/runs:submit` takes. */
export async function requestOf(cli: Cli, dataset: string, options: RunOptionValues): Promise<Fields> {
  const now = cli.machine.transport.now();
  const more = {
    concurrency: wholeNumber("concurrency", options.concurrency),
    repeats: wholeNumber("repeats", options.repeats),
    maxCases: wholeNumber("max-cases", options["max-cases"]),
    seed: wholeNumber("seed", options.seed),
    cache: options["no-cache"] ? false : undefined,
  };
  return {
    dataset,
    metrics: await metricsOf(cli, options),
    profile: options.profile,
    projectId: options.project,
    name: options.name,
    priority: wholeNumber("priority", options.priority),
    runAt: instantOf("run-at", options["run-at"], now),
    expiresAt: instantOf("expires-at", options["expires-at"], now),
    callback: callbackOf(options),
    options: Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)),
  };
}

function callbackOf(options: RunOptionValues): JobCallback | undefined {
  const { callback: url, "callback-secret": secretName } = options;
  if (url === undefined) {
    if (secretName === undefined) return undefined;
    throw usageError("--callback-secret needs --callback.", "--callback-secret에는 --callback이 필요합니다.");
  }
  return secretName === undefined ? { url } : { url, secretName };
}

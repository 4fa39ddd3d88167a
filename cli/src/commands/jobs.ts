import type { Job, JobEvent } from "../../../contracts/jobs.ts";
import { followJob } from "../client/follow-job.ts";
import { type Command, defineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { usageError } from "../failure.ts";
import { plain } from "../terminal/display-width.ts";
import { instant } from "../terminal/numbers.ts";
import { type Column, table } from "../terminal/table.ts";
import { eventLine, jobColumns, jobRecord } from "../views/job-view.ts";
import { endOfJob, watchJob } from "../watch-job.ts";
import { callCommand } from "./call-command.ts";
import { argument, commaList, projectOption, readJson, wholeNumber } from "./common.ts";
import { listCommand } from "./list-command.ts";

const job = argument("id", "The job", "작업 id");

interface Inspection {
  readonly job: Job;
  readonly payload: unknown;
  readonly attempts: readonly { at: string; chunk: number; attempt: number; code: string; message: string }[];
}

interface Redrive {
  readonly items: readonly {
    jobId: string;
    redrivenAs: string | null;
    existing: boolean;
    runAt: string | null;
  }[];
  readonly after: number | null;
  readonly dryRun: boolean;
}

export const jobCommands: readonly Command[] = [
  listCommand({
    path: "jobs list",
    summary: { en: "List jobs, newest first", ko: "작업 목록, 최신순" },
    action: "jobs.job.list",
    options: {
      status: {
        type: "string",
        choices: ["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"],
        summary: { en: "Only with this status", ko: "이 상태만" },
      },
      type: {
        type: "string",
        choices: ["EVALUATION", "ANALYSIS", "PIPELINE", "REGRESSION", "GATE", "ACTION"],
        summary: { en: "Only of this type", ko: "이 종류만" },
      },
      ...projectOption,
    },
    fields: ({ options }) => ({ status: options.status, type: options.type, projectId: options.project }),
    columns: jobColumns,
  }),
  callCommand({
    path: "jobs get",
    summary: { en: "Show a job", ko: "작업 보기" },
    action: "jobs.job.get",
    arguments: [job],
    show: jobRecord,
  }),
  defineCommand({
    path: "jobs watch",
    summary: {
      en: "Follow a job until it ends; --json prints its events",
      ko: "작업이 끝날 때까지 보기; --json은 이벤트를 출력",
    },
    arguments: [job],
    options: {
      events: { type: "boolean", summary: { en: "Print every event", ko: "모든 이벤트 출력" } },
    },
    async run(cli, input) {
      const api = await cli.api();
      const id = input.argument("id");
      const now = await api.call<Job>("jobs.job.get", { id });
      if (!cli.out.json && input.options.events !== true) {
        const watched = await watchJob(cli, api, now);
        cli.out.result(watched.job, () => jobRecord(cli, watched.job));
        return endOfJob(cli, watched);
      }
      const events = followJob(api, id);
      for (;;) {
        const next = await events.next();
        if (next.done) return endOfJob(cli, { job: next.value, left: false });
        const event: JobEvent = next.value;
        cli.out.item(event, () => eventLine(event));
      }
    },
  }),
  callCommand({
    path: "jobs cancel",
    summary: { en: "Cancel a job; what is finished is kept", ko: "작업 취소; 끝난 부분은 남음" },
    action: "jobs.job.cancel",
    arguments: [job],
    options: {
      reason: {
        type: "string",
        value: "TEXT",
        summary: { en: "Why, for the record", ko: "기록에 남길 사유" },
      },
    },
    fields: (input) => ({ id: input.argument("id"), reason: input.options.reason }),
    show: jobRecord,
  }),
  listCommand({
    path: "jobs dead",
    summary: {
      en: "List dead letters; `jobs inspect` looks into one",
      ko: "실패하여 멈춘 작업 목록; 자세히는 `jobs inspect`",
    },
    action: "jobs.job.list",
    options: projectOption,
    fields: ({ options }) => ({ state: "DEAD", projectId: options.project }),
    columns: (cli): readonly Column<Job>[] => [
      ...jobColumns(cli),
      { title: cli.say.failure, canShrink: true, of: ({ error }) => error?.message },
    ],
  }),
  callCommand({
    path: "jobs inspect",
    summary: { en: "A job's payload and the attempts that failed", ko: "작업의 내용과 실패한 시도" },
    action: "jobs.job.inspect",
    arguments: [job],
    show: (cli, { job: found, payload, attempts }: Inspection) =>
      [
        jobRecord(cli, found),
        "",
        plain(JSON.stringify(payload)),
        "",
        table(
          [
            { title: cli.say.at, of: ({ at }) => instant(at) },
            { title: cli.say.attempt, align: "right", of: ({ attempt }) => attempt },
            { title: cli.say.code, of: ({ code }) => code },
            { title: cli.say.message, canShrink: true, of: ({ message }) => message },
          ],
          attempts,
        ),
      ].join("\n"),
  }),
  callCommand({
    path: "jobs edit",
    summary: { en: "Edit a dead letter before it is redriven", ko: "다시 시작하기 전에 멈춘 작업 고치기" },
    action: "jobs.job.update",
    arguments: [job],
    options: {
      payload: {
        type: "string",
        value: "FILE",
        summary: { en: "JSON file (- is stdin)", ko: "JSON 파일 (-은 표준 입력)" },
      },
      priority: {
        type: "string",
        value: "0-9",
        summary: { en: "9 is the most urgent", ko: "9가 가장 급함" },
      },
      "max-attempts": {
        type: "string",
        value: "N",
        summary: { en: "Attempts at most", ko: "최대 시도 횟수" },
      },
    },
    fields: async ({ argument: of, options }, cli) => ({
      id: of("id"),
      payload: options.payload === undefined ? undefined : await readJson(cli, options.payload),
      priority: wholeNumber("priority", options.priority),
      maxAttempts: wholeNumber("max-attempts", options["max-attempts"]),
    }),
    show: jobRecord,
  }),
  defineCommand({
    path: "jobs redrive",
    summary: { en: "Start dead letters again as new jobs", ko: "멈춘 작업을 새 작업으로 다시 시작" },
    arguments: [argument("ids", "Jobs by id", "작업 id", { optional: true, many: true })],
    options: {
      "all-of": {
        type: "string",
        value: "TYPE",
        summary: { en: "All of a type instead of ids", ko: "id 대신 한 종류 전부" },
      },
      "error-code": {
        type: "string",
        value: "CODE",
        summary: { en: "All with this error", ko: "이 오류인 것 전부" },
      },
      "per-minute": { type: "string", value: "N", summary: { en: "At this rate", ko: "분당 개수" } },
      "dry-run": {
        type: "boolean",
        summary: { en: "Only say what would start", ko: "무엇이 시작될지만 보기" },
      },
    },
    async run(cli, { rest, options }) {
      const filter = { type: options["all-of"], errorCode: options["error-code"] };
      const byFilter = filter.type !== undefined || filter.errorCode !== undefined;
      if (rest.length > 0 === byFilter) {
        throw usageError(
          "Name jobs, or --all-of or --error-code.",
          "작업 id를 주거나 --all-of, --error-code를 주세요.",
        );
      }
      const result = await (await cli.api()).call<Redrive>("jobs.job.redrive", {
        ...(byFilter ? { filter } : { jobIds: rest.flatMap(commaList) }),
        perMinute: wholeNumber("per-minute", options["per-minute"]),
        dryRun: options["dry-run"],
      });
      cli.out.result(result, () =>
        cli.out.table(
          [
            { title: cli.say.job, of: ({ jobId }) => jobId },
            { title: cli.say.result, of: ({ redrivenAs }) => redrivenAs },
            { title: cli.say.at, of: ({ runAt }) => instant(runAt) },
          ],
          result.items,
        ),
      );
      return exitCodes.ok;
    },
  }),
];

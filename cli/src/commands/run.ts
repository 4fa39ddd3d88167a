import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import type { Job } from "../../../contracts/jobs.ts";
import type { Run } from "../../../contracts/runs.ts";
import type { Cli } from "../cli.ts";
import type { Api } from "../client/api.ts";
import { defineCommand } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { usageError } from "../failure.ts";
import { bytes } from "../terminal/numbers.ts";
import { fileBody, uploadDataset } from "../upload-dataset.ts";
import { importReport } from "../views/import-report.ts";
import { previewView, type RunPreview } from "../views/preview-view.ts";
import { runAddresses, runReport } from "../views/run-report.ts";
import { endOfJob, watchJob } from "../watch-job.ts";
import { argument } from "./common.ts";
import { readingOf, readingOptions } from "./reading-options.ts";
import { runLocally } from "./run-locally.ts";
import { requestOf, runOptions } from "./run-request.ts";

export const runCommand = defineCommand({
  path: "run",
  summary: {
    en: "Evaluate a data set: upload it, submit the run, watch it, print the scores",
    ko: "데이터셋 평가: 업로드, 제출, 진행 상황, 점수 출력",
  },
  arguments: [
    argument(
      "dataset",
      "A file to upload, or a data set: id, name, name@version",
      "업로드할 파일, 또는 데이터셋 id, 이름, 이름@버전",
      {
        isFile: true,
      },
    ),
  ],
  options: {
    ...runOptions,
    ...readingOptions,
    "dataset-name": {
      type: "string",
      value: "NAME",
      summary: {
        en: "Name of the uploaded data set (the file's)",
        ko: "업로드한 데이터셋의 이름 (기본은 파일 이름)",
      },
    },
    "no-wait": { type: "boolean", summary: { en: "Submit and leave", ko: "제출만 하고 끝냄" } },
    wait: { type: "boolean", summary: { en: "Wait for the result (default)", ko: "결과를 기다림 (기본)" } },
    preview: { type: "boolean", summary: { en: "Only say what it would cost", ko: "예상 비용만 보기" } },
    local: {
      type: "boolean",
      summary: { en: "Evaluate on this machine, without a server", ko: "서버 없이 이 컴퓨터에서 평가" },
    },
    "idempotency-key": {
      type: "string",
      value: "KEY",
      summary: { en: "Submit at most once under this key", ko: "이 키로는 한 번만 제출" },
    },
  },
  async run(cli, { argument: of, options }) {
    if (options.wait && options["no-wait"]) {
      throw usageError(
        "--wait and --no-wait exclude each other.",
        "--wait와 --no-wait는 함께 쓸 수 없습니다.",
      );
    }
    const dataset = of("dataset");
    if (options.local) return runLocally(cli, dataset, options);
    const api = await cli.api();
    const reference = isFile(dataset)
      ? await upload(cli, api, dataset, {
          ...readingOf(options),
          name: options["dataset-name"],
          projectId: options.project,
        })
      : dataset;
    const request = await requestOf(cli, reference, options);
    if (options.preview) {
      const preview = await api.call<RunPreview>("evaluation.run.preview", request);
      cli.out.result(preview, () => previewView(cli, preview));
      return exitCodes.ok;
    }
    const idempotencyKey = options["idempotency-key"] ?? randomUUID();
    const job = await api.call<Job>("jobs.job.submit", request, { idempotencyKey });
    cli.out.note(cli.say.submitted(job.id));
    if (options["no-wait"]) {
      cli.out.result(job, () => job.id);
      return exitCodes.ok;
    }
    return finish(cli, api, job);
  },
});

/** Watches a submitted job to its end and prints the run that it made; as JSON the job and the run. */
export async function finish(cli: Cli, api: Api, job: Job): Promise<ExitCode> {
  const watched = await watchJob(cli, api, job);
  const exitCode = endOfJob(cli, watched);
  const { resultRef } = watched.job;
  if (watched.left || watched.job.status !== "SUCCEEDED" || resultRef === null) {
    if (cli.out.json) cli.out.result({ job: watched.job, run: null }, () => "");
    return exitCode;
  }
  const run = await api.call<Run>("evaluation.run.get", { id: runIdOf(resultRef) });
  cli.out.result(
    { job: watched.job, run },
    () => `${runReport(cli, run)}\n\n${runAddresses(cli, api.endpoint, run.id)}`,
  );
  return exitCode;
}

/** The run's id in a job's result, which may name the kind before a colon. */
export const runIdOf = (resultRef: string): string => resultRef.slice(resultRef.indexOf(":") + 1);

type UploadChoices = Omit<Parameters<typeof uploadDataset>[1], "path">;

/** Uploads a file and tells what was made of it; answers `id@version`. */
async function upload(cli: Cli, api: Api, path: string, choices: UploadChoices): Promise<string> {
  cli.out.note(cli.say.uploading(path, bytes(fileBody(path).size)));
  const uploaded = await uploadDataset(api, { ...choices, path });
  const reference = `${uploaded.id}@${uploaded.version}`;
  const told = uploaded.added ? cli.say.uploaded : cli.say.unchanged;
  cli.out.note(told(`${uploaded.name}@${uploaded.version}`, uploaded.recordCount));
  if (uploaded.report.problems.length > 0) cli.out.note(importReport(cli, uploaded.report));
  return reference;
}

/** A path that exists, or that can be nothing but a path. */
function isFile(dataset: string): boolean {
  return existsSync(dataset) || /[\\]|^\.{0,2}\/|\.(?:jsonl|ndjson|json|csv|ya?ml|xlsx)$/i.test(dataset);
}

import { type Command, defineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { bytes, instant } from "../terminal/numbers.ts";
import { type Column, record } from "../terminal/table.ts";
import { fileBody, uploadDataset } from "../upload-dataset.ts";
import { type ImportReport, importReport } from "../views/import-report.ts";
import { callCommand } from "./call-command.ts";
import { argument, projectOption } from "./common.ts";
import { download, outputOption } from "./download.ts";
import { listCommand } from "./list-command.ts";
import { readingOf, readingOptions } from "./reading-options.ts";

interface Dataset {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly status: string;
  readonly latestVersion: number;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

interface Version {
  readonly version: number;
  readonly format: string;
  readonly encoding: string;
  readonly fileName: string | null;
  readonly sha256: string;
  readonly bytes: number;
  readonly recordCount: number;
  readonly rowsWarned: number;
  readonly rowsRejected: number;
  readonly createdAt: string;
}

interface ListedCase {
  readonly caseId: string;
  readonly input: unknown;
  readonly output?: string;
  readonly reference?: string;
}

const dataset = argument("id", "The data set", "데이터셋 id");
const version = argument("version", "Its version (latest)", "버전 (최신)", { optional: true });

const moved = (path: string, action: "archive" | "deprecate" | "activate", en: string, ko: string): Command =>
  callCommand({
    path,
    summary: { en, ko },
    action: `datasets.dataset.${action}`,
    arguments: [dataset],
    show: ({ say }, found: Dataset) => say.done(`${found.id} ${found.status}`),
  });

export const datasetCommands: readonly Command[] = [
  defineCommand({
    path: "datasets upload",
    summary: {
      en: "Upload a file: a new data set, or its next version",
      ko: "파일 업로드: 새 데이터셋 또는 다음 버전",
    },
    arguments: [
      argument("file", "JSONL, JSON, CSV, XLSX or YAML", "JSONL, JSON, CSV, XLSX, YAML 파일", {
        isFile: true,
      }),
    ],
    options: {
      name: {
        type: "string",
        value: "NAME",
        summary: { en: "Name of the data set (the file's)", ko: "데이터셋 이름 (기본은 파일 이름)" },
      },
      description: { type: "string", value: "TEXT", summary: { en: "What it holds", ko: "설명" } },
      ...projectOption,
      ...readingOptions,
      "idempotency-key": {
        type: "string",
        value: "KEY",
        summary: { en: "Upload at most once under this key", ko: "이 키로는 한 번만 업로드" },
      },
    },
    async run(cli, { argument: of, options }) {
      const path = of("file");
      cli.out.note(cli.say.uploading(path, bytes(fileBody(path).size)));
      const uploaded = await uploadDataset(await cli.api(), {
        path,
        ...readingOf(options),
        name: options.name,
        description: options.description,
        projectId: options.project,
        idempotencyKey: options["idempotency-key"],
      });
      cli.out.result(uploaded, () => {
        const told = uploaded.added ? cli.say.uploaded : cli.say.unchanged;
        const line = told(`${uploaded.name}@${uploaded.version} (${uploaded.id})`, uploaded.recordCount);
        return `${line}\n${importReport(cli, uploaded.report)}`;
      });
      return exitCodes.ok;
    },
  }),
  listCommand({
    path: "datasets list",
    summary: { en: "List data sets, newest first", ko: "데이터셋 목록, 최신순" },
    action: "datasets.dataset.list",
    options: {
      name: { type: "string", value: "NAME", summary: { en: "Only with this name", ko: "이 이름만" } },
      status: {
        type: "string",
        choices: ["active", "deprecated", "archived"],
        summary: { en: "Only with this status", ko: "이 상태만" },
      },
      ...projectOption,
    },
    fields: ({ options }) => ({ name: options.name, status: options.status, projectId: options.project }),
    columns: ({ say }): readonly Column<Dataset>[] => [
      { title: say.id, of: ({ id }) => id },
      { title: say.name, canShrink: true, of: ({ name }) => name },
      { title: say.version, align: "right", of: ({ latestVersion }) => latestVersion },
      { title: say.status, of: ({ status }) => status },
      { title: say.updated, of: ({ updatedAt }) => instant(updatedAt) },
    ],
  }),
  callCommand({
    path: "datasets get",
    summary: { en: "Show a data set", ko: "데이터셋 보기" },
    action: "datasets.dataset.get",
    arguments: [dataset],
    show: ({ say }, found: Dataset) =>
      record([
        [say.id, found.id],
        [say.name, found.name],
        [say.description, found.description],
        [say.status, found.status],
        [say.version, found.latestVersion],
        [say.author, found.createdBy],
        [say.created, instant(found.createdAt)],
        [say.updated, instant(found.updatedAt)],
      ]),
  }),
  listCommand({
    path: "datasets versions",
    summary: { en: "List the versions of a data set", ko: "데이터셋의 버전 목록" },
    action: "datasets.version.list",
    arguments: [dataset],
    fields: (input) => ({ id: input.argument("id") }),
    columns: ({ say }): readonly Column<Version>[] => [
      { title: say.version, align: "right", of: (row) => row.version },
      { title: say.format, of: ({ format, encoding }) => `${format} ${encoding}` },
      { title: say.cases, align: "right", of: ({ recordCount }) => recordCount },
      { title: say.warning, align: "right", of: ({ rowsWarned }) => rowsWarned },
      { title: say.problem, align: "right", of: ({ rowsRejected }) => rowsRejected },
      { title: say.size, align: "right", of: (row) => bytes(row.bytes) },
      { title: "SHA-256", of: ({ sha256 }) => sha256.slice(0, 12) },
      { title: say.created, of: ({ createdAt }) => instant(createdAt) },
    ],
  }),
  callCommand({
    path: "datasets report",
    summary: { en: "What an upload made of the file's rows", ko: "업로드한 파일의 행별 결과" },
    action: "datasets.version.get",
    arguments: [dataset, version],
    fields: (input) => ({ id: input.argument("id"), version: input.optional("version") ?? "latest" }),
    show: (cli, found: Version & { report: ImportReport }) => importReport(cli, found.report),
  }),
  listCommand({
    path: "datasets cases",
    summary: { en: "Page through the cases of a version", ko: "한 버전의 케이스 보기" },
    action: "datasets.case.list",
    arguments: [dataset, version],
    fields: (input) => ({ id: input.argument("id"), version: input.optional("version") ?? "latest" }),
    columns: ({ say }): readonly Column<ListedCase>[] => [
      { title: say.caseId, of: ({ caseId }) => caseId },
      {
        title: "input",
        canShrink: true,
        of: ({ input }) => (typeof input === "string" ? input : JSON.stringify(input)),
      },
      { title: "output", canShrink: true, of: ({ output }) => output },
      { title: "reference", canShrink: true, of: ({ reference }) => reference },
    ],
  }),
  defineCommand({
    path: "datasets download",
    summary: { en: "Download the cases of a version", ko: "한 버전의 케이스 내려받기" },
    arguments: [dataset, version],
    options: {
      format: {
        type: "string",
        choices: ["jsonl", "csv"],
        summary: { en: "jsonl (default) or csv", ko: "jsonl(기본) 또는 csv" },
      },
      bom: {
        type: "boolean",
        summary: { en: "CSV that Excel reads as Korean", ko: "엑셀에서 한글이 깨지지 않는 CSV" },
      },
      ...outputOption,
    },
    run: (cli, input) =>
      download(
        cli,
        "datasets.version.download",
        {
          id: input.argument("id"),
          version: input.optional("version") ?? "latest",
          format: input.options.format,
          byteOrderMark: input.options.bom,
        },
        input.options.output,
      ),
  }),
  moved(
    "datasets archive",
    "archive",
    "Archive a data set: readable, starts no new work",
    "데이터셋 보관: 읽을 수는 있으나 새 작업에 쓰지 않음",
  ),
  moved(
    "datasets deprecate",
    "deprecate",
    "Mark a data set as not for new work",
    "데이터셋을 새 작업에 쓰지 않도록 표시",
  ),
  moved("datasets activate", "activate", "Take a data set back into use", "데이터셋을 다시 사용"),
];

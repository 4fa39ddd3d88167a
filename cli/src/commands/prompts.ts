import type { Command } from "../command.ts";
import { usageError } from "../failure.ts";
import { plain } from "../terminal/display-width.ts";
import { instant } from "../terminal/numbers.ts";
import { type Column, record } from "../terminal/table.ts";
import { callCommand } from "./call-command.ts";
import { argument, projectOption, readText } from "./common.ts";
import { listCommand } from "./list-command.ts";

interface Prompt {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly latestVersion: number;
  readonly approvedVersion: number | null;
  readonly updatedAt: string;
}

interface PromptVersion {
  readonly version: number;
  readonly content: string;
  readonly variables: readonly string[];
  readonly checksum: string;
  readonly status: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly approvedBy: string | null;
}

const prompt = argument("id", "The prompt", "프롬프트 id");
const version = argument("version", "Its version", "버전");
const file = argument("file", "The text (- is stdin)", "본문 파일 (-은 표준 입력)", { isFile: true });

const versionText = (found: PromptVersion): string =>
  `v${found.version} ${found.status} ${found.checksum.slice(0, 12)}`;

const moved = (verb: "approve" | "deprecate", en: string, ko: string): Command =>
  callCommand({
    path: `prompts ${verb}`,
    summary: { en, ko },
    action: `prompts.version.${verb}`,
    arguments: [prompt, version],
    show: ({ say }, found: PromptVersion) => say.done(versionText(found)),
  });

export const promptCommands: readonly Command[] = [
  listCommand({
    path: "prompts list",
    summary: { en: "List prompts, newest first", ko: "프롬프트 목록, 최신순" },
    action: "prompts.prompt.list",
    options: {
      name: { type: "string", value: "NAME", summary: { en: "Only with this name", ko: "이 이름만" } },
      ...projectOption,
    },
    fields: ({ options }) => ({ name: options.name, projectId: options.project }),
    columns: ({ say }): readonly Column<Prompt>[] => [
      { title: say.id, of: ({ id }) => id },
      { title: say.name, canShrink: true, of: ({ name }) => name },
      { title: say.version, align: "right", of: ({ latestVersion }) => latestVersion },
      { title: say.approved, align: "right", of: ({ approvedVersion }) => approvedVersion },
      { title: say.updated, of: ({ updatedAt }) => instant(updatedAt) },
    ],
  }),
  callCommand({
    path: "prompts get",
    summary: { en: "Show a prompt", ko: "프롬프트 보기" },
    action: "prompts.prompt.get",
    arguments: [prompt],
    show: ({ say }, found: Prompt) =>
      record([
        [say.id, found.id],
        [say.name, found.name],
        [say.description, found.description],
        [say.version, found.latestVersion],
        [say.approved, found.approvedVersion],
        [say.updated, instant(found.updatedAt)],
      ]),
  }),
  callCommand({
    path: "prompts create",
    summary: { en: "Register a prompt; its first version is a draft", ko: "프롬프트 등록; 첫 버전은 초안" },
    action: "prompts.prompt.create",
    arguments: [file],
    options: {
      name: { type: "string", value: "NAME", summary: { en: "Its name", ko: "이름" } },
      description: { type: "string", value: "TEXT", summary: { en: "What it is for", ko: "용도" } },
      ...projectOption,
    },
    fields: async (input, { machine }) => {
      const { name, description, project } = input.options;
      if (name === undefined) throw usageError("--name is needed.", "--name이 필요합니다.");
      const path = input.argument("file");
      const content = path === "-" ? await machine.readStdin() : readText(path);
      return { name, description, projectId: project, content };
    },
    show: (_cli, made: Prompt & { current: PromptVersion }) => `${made.id} ${versionText(made.current)}`,
  }),
  callCommand({
    path: "prompts add",
    summary: { en: "Add a draft version", ko: "초안 버전 추가" },
    action: "prompts.version.create",
    arguments: [prompt, file],
    fields: async (input, { machine }) => {
      const path = input.argument("file");
      return { id: input.argument("id"), content: path === "-" ? await machine.readStdin() : readText(path) };
    },
    show: (_cli, made: PromptVersion) => versionText(made),
  }),
  listCommand({
    path: "prompts versions",
    summary: { en: "List the versions of a prompt", ko: "프롬프트의 버전 목록" },
    action: "prompts.version.list",
    arguments: [prompt],
    fields: (input) => ({ id: input.argument("id") }),
    columns: ({ say }): readonly Column<PromptVersion>[] => [
      { title: say.version, align: "right", of: (row) => row.version },
      { title: say.status, of: ({ status }) => status },
      { title: say.author, canShrink: true, of: ({ createdBy }) => createdBy },
      { title: say.approved, canShrink: true, of: ({ approvedBy }) => approvedBy },
      { title: "SHA-256", of: ({ checksum }) => checksum.slice(0, 12) },
      { title: say.created, of: ({ createdAt }) => instant(createdAt) },
    ],
  }),
  callCommand({
    path: "prompts show",
    summary: { en: "Show the text of a version", ko: "한 버전의 본문 보기" },
    action: "prompts.version.get",
    arguments: [prompt, version],
    show: (_cli, found: PromptVersion) => found.content.split("\n").map(plain).join("\n"),
  }),
  moved("approve", "Approve a draft that somebody else wrote", "다른 사람이 쓴 초안 승인"),
  moved("deprecate", "Take a version out of use, for good", "버전을 영구히 사용 중지"),
];

import type { Command } from "../command.ts";
import { usageError } from "../failure.ts";
import { instant } from "../terminal/numbers.ts";
import { type Column, record } from "../terminal/table.ts";
import { callCommand } from "./call-command.ts";
import { argument, readJsonObject } from "./common.ts";
import { listCommand } from "./list-command.ts";

interface Profile {
  readonly name: string;
  readonly description: string;
  readonly provider: string;
  readonly baseUrl: string | null;
  readonly model: string;
  readonly embeddingModel: string | null;
  readonly secretName: string | null;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

const name = argument("name", "The model profile", "모델 프로필");

export const profileCommands: readonly Command[] = [
  listCommand({
    path: "profiles list",
    summary: { en: "List model profiles", ko: "모델 프로필 목록" },
    action: "profiles.profile.list",
    columns: ({ say }): readonly Column<Profile>[] => [
      { title: say.name, of: (row) => row.name },
      { title: say.provider, of: ({ provider }) => provider },
      { title: say.model, of: ({ model }) => model },
      { title: "embeddings", of: ({ embeddingModel }) => embeddingModel },
      { title: "secret", of: ({ secretName }) => secretName },
      { title: say.updated, of: ({ updatedAt }) => instant(updatedAt) },
    ],
  }),
  callCommand({
    path: "profiles get",
    summary: { en: "Show a model profile", ko: "모델 프로필 보기" },
    action: "profiles.profile.get",
    arguments: [name],
    show: ({ say }, found: Profile) =>
      record([
        [say.name, found.name],
        [say.description, found.description],
        [say.provider, found.provider],
        [say.model, found.model],
        ["embeddings", found.embeddingModel],
        ["baseUrl", found.baseUrl],
        ["secret", found.secretName],
        [say.author, found.updatedBy],
        [say.updated, instant(found.updatedAt)],
      ]),
  }),
  callCommand({
    path: "profiles set",
    summary: { en: "Create or replace a model profile", ko: "모델 프로필 만들거나 바꾸기" },
    action: "profiles.profile.put",
    arguments: [name],
    options: {
      file: {
        type: "string",
        value: "FILE",
        summary: { en: "The whole profile as JSON (- is stdin)", ko: "전체 프로필 JSON (-은 표준 입력)" },
      },
      provider: {
        type: "string",
        value: "NAME",
        summary: { en: "openai, anthropic, ollama, …", ko: "openai, anthropic, ollama, …" },
      },
      model: { type: "string", value: "NAME", summary: { en: "The judge's model", ko: "평가 모델" } },
      "embedding-model": {
        type: "string",
        value: "NAME",
        summary: { en: "For metrics with embeddings", ko: "임베딩 모델" },
      },
      "base-url": {
        type: "string",
        value: "URL",
        summary: { en: "Where the provider is", ko: "제공자 주소" },
      },
      secret: {
        type: "string",
        value: "NAME",
        summary: { en: "Secret that holds the provider's key", ko: "제공자 키가 든 비밀값" },
      },
      description: { type: "string", value: "TEXT", summary: { en: "What it is for", ko: "용도" } },
    },
    fields: async ({ argument: of, options }, cli) => {
      const base = options.file === undefined ? {} : await readJsonObject(cli, options.file);
      const given = {
        provider: options.provider,
        model: options.model,
        embeddingModel: options["embedding-model"],
        baseUrl: options["base-url"],
        secretName: options.secret,
        description: options.description,
      };
      const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      if (options.file === undefined && (options.provider === undefined || options.model === undefined)) {
        throw usageError(
          "Give --provider and --model, or --file.",
          "--provider와 --model 또는 --file이 필요합니다.",
        );
      }
      return { ...base, ...set, name: of("name") };
    },
    show: ({ say }, found: Profile) => say.done(`${found.name} (${found.provider}, ${found.model})`),
  }),
  callCommand({
    path: "profiles delete",
    summary: { en: "Delete a model profile", ko: "모델 프로필 지우기" },
    action: "profiles.profile.delete",
    arguments: [name],
    show: ({ say }, found: Profile) => say.done(found.name),
  }),
  callCommand({
    path: "profiles resume",
    summary: {
      en: "Ask a provider again that was paused for its key, credit or model",
      ko: "키, 잔액, 모델 문제로 멈춘 제공자에 다시 묻기",
    },
    action: "profiles.profile.resume",
    arguments: [name],
    show: ({ say }, found: Profile) => say.done(found.name),
  }),
];

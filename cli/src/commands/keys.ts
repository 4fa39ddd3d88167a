import type { Command } from "../command.ts";
import { usageError } from "../failure.ts";
import { instant } from "../terminal/numbers.ts";
import { type Column, record } from "../terminal/table.ts";
import { callCommand } from "./call-command.ts";
import { argument, commaList, instantOf, wholeNumber } from "./common.ts";
import { listCommand } from "./list-command.ts";

interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly string[];
  readonly projectIds: readonly string[] | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
  readonly previousValidUntil: string | null;
}

const key = argument("id", "The key", "키 id");

export const keyCommands: readonly Command[] = [
  callCommand({
    path: "keys create",
    summary: { en: "Create an API key; it is shown once", ko: "API 키 만들기; 한 번만 표시됨" },
    action: "access.key.create",
    options: {
      name: { type: "string", value: "NAME", summary: { en: "What it is for", ko: "용도" } },
      scopes: {
        type: "string",
        value: "A,B",
        summary: { en: "What it may do: runs:read,runs:write", ko: "권한: runs:read,runs:write" },
      },
      projects: {
        type: "string",
        value: "ID,ID",
        summary: { en: "Only in these projects", ko: "이 프로젝트에서만" },
      },
      expires: {
        type: "string",
        value: "WHEN",
        summary: { en: "An instant, or 90d", ko: "만료 시각 또는 90d" },
      },
    },
    fields: ({ options }, { machine }) => {
      if (options.name === undefined || options.scopes === undefined) {
        throw usageError("--name and --scopes are needed.", "--name과 --scopes가 필요합니다.");
      }
      return {
        name: options.name,
        scopes: commaList(options.scopes),
        projectIds: options.projects === undefined ? undefined : commaList(options.projects),
        expiresAt: instantOf("expires", options.expires, machine.transport.now()),
      };
    },
    show: ({ say }, made: ApiKey & { key: string }) => `${made.id}\n${say.keyOnce}\n${made.key}`,
  }),
  listCommand({
    path: "keys list",
    summary: { en: "List API keys, newest first", ko: "API 키 목록, 최신순" },
    action: "access.key.list",
    columns: ({ say, out }): readonly Column<ApiKey>[] => [
      { title: say.id, of: ({ id }) => id },
      {
        title: say.name,
        canShrink: true,
        of: ({ name }) => name,
        paint: (text, { revokedAt }) => (revokedAt === null ? text : out.paint.dim(text)),
      },
      { title: say.scope, canShrink: true, of: ({ scopes }) => scopes.join(" ") },
      { title: say.created, of: ({ createdAt }) => instant(createdAt) },
      {
        title: say.expires,
        of: ({ expiresAt, revokedAt }) => (revokedAt === null ? instant(expiresAt) : "revoked"),
      },
      { title: say.lastUsed, of: ({ lastUsedAt }) => instant(lastUsedAt) },
    ],
  }),
  callCommand({
    path: "keys get",
    summary: { en: "Show what is known of an API key", ko: "API 키 정보 보기" },
    action: "access.key.get",
    arguments: [key],
    show: ({ say }, found: ApiKey) =>
      record([
        [say.id, found.id],
        [say.name, found.name],
        [say.scope, found.scopes.join(" ")],
        ["projects", found.projectIds?.join(" ") ?? "*"],
        [say.created, instant(found.createdAt)],
        [say.expires, instant(found.expiresAt)],
        [say.lastUsed, instant(found.lastUsedAt)],
      ]),
  }),
  callCommand({
    path: "keys rotate",
    summary: {
      en: "Give a key a new secret; the old one works for a while",
      ko: "키의 비밀값 교체; 이전 값은 유예 기간 동안 유효",
    },
    action: "access.key.rotate",
    arguments: [key],
    options: {
      grace: {
        type: "string",
        value: "SECONDS",
        summary: { en: "How long the old one works (a day)", ko: "이전 값의 유예 기간(초) (하루)" },
      },
    },
    fields: (input) => ({
      id: input.argument("id"),
      graceSeconds: wholeNumber("grace", input.options.grace),
    }),
    show: ({ say }, made: ApiKey & { key: string }) =>
      [
        say.keyOnce,
        made.key,
        ...(made.previousValidUntil === null ? [] : [say.rotatedUntil(instant(made.previousValidUntil))]),
      ].join("\n"),
  }),
  callCommand({
    path: "keys revoke",
    summary: { en: "Revoke a key at once and for ever", ko: "키를 즉시, 영구히 폐기" },
    action: "access.key.revoke",
    arguments: [key],
    show: ({ say }, found: ApiKey) => say.done(`${found.id} ${instant(found.revokedAt)}`),
  }),
];

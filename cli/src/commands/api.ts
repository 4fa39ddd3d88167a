import type { Cli } from "../cli.ts";
import { entryOf, type Fields, isAction, type OperationEntry } from "../client/operation-request.ts";
import { defineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { usageError } from "../failure.ts";
import { type Action, operations } from "../operations.generated.ts";
import { fileBody } from "../upload-dataset.ts";
import { argument, readJsonObject } from "./common.ts";
import { download, outputOption } from "./download.ts";

export const apiCommand = defineCommand({
  path: "api",
  summary: {
    en: "Call any operation of the API: --FIELD VALUE for its fields; without an action, list them",
    ko: "API의 모든 동작 호출: 필드는 --필드 값; 동작이 없으면 목록 출력",
  },
  arguments: [argument("action", "Such as access.user.list", "예: access.user.list", { optional: true })],
  options: {
    body: {
      type: "string",
      value: "JSON|@FILE",
      summary: { en: "The body (@- is stdin)", ko: "본문 (@-은 표준 입력)" },
    },
    file: { type: "string", value: "FILE", summary: { en: "Raw body, for uploads", ko: "업로드할 파일" } },
    "if-match": {
      type: "string",
      value: "N",
      summary: { en: "Only if the resource is at this version", ko: "이 버전일 때만" },
    },
    "idempotency-key": {
      type: "string",
      value: "KEY",
      summary: { en: "Do it at most once", ko: "한 번만 수행" },
    },
    ...outputOption,
  },
  openOptions: true,
  fields(input) {
    const action = input.optional("action");
    if (action === undefined) return [];
    if (!isAction(action)) throw unknownAction(action);
    const { params, query, body, required } = entryOf(action);
    const place = (name: string) =>
      params.includes(name) ? "path" : query.includes(name) ? "query" : "body";
    return [...new Set([...params, ...query, ...body])].map((name) => ({
      name,
      required: required.includes(name),
      place: place(name),
    }));
  },
  async run(cli, input) {
    const action = input.optional("action");
    if (action === undefined) return listActions(cli);
    if (!isAction(action)) throw unknownAction(action);
    const entry = entryOf(action);
    const { options } = input;
    const fields = { ...(await bodyOf(cli, options.body)), ...openFields(action, entry, input.open) };
    if (entry.gives) return download(cli, action, fields, options.output);
    const file = options.file === undefined ? undefined : fileBody(options.file);
    if (entry.takes && !file)
      throw usageError(`"${action}" needs --file.`, `"${action}"에는 --file이 필요합니다.`);
    const answer = await (await cli.api()).call<unknown>(action, fields, {
      idempotencyKey: options["idempotency-key"],
      expectedVersion: options["if-match"] === undefined ? undefined : Number(options["if-match"]),
      file,
    });
    cli.out.result(answer ?? null, () => JSON.stringify(answer ?? null, null, 2));
    return exitCodes.ok;
  },
});

function listActions(cli: Cli) {
  const rows = Object.entries(operations).map(([action, entry]) => ({ action, ...entry }));
  cli.out.result(operations, () =>
    cli.out.table(
      [
        { title: cli.say.action, of: ({ action }) => action },
        { title: "HTTP", of: ({ method, path }) => `${method} ${path}` },
        { title: cli.say.scope, of: ({ scope }) => scope },
        { title: cli.say.description, canShrink: true, of: ({ summary }) => summary },
      ],
      rows,
    ),
  );
  return exitCodes.ok;
}

async function bodyOf(cli: Cli, text: string | undefined): Promise<Fields> {
  if (text === undefined) return {};
  if (text.startsWith("@")) return readJsonObject(cli, text.slice(1));
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {}
  throw usageError("--body is a JSON object, or @FILE.", "--body는 JSON 객체이거나 @파일입니다.");
}

/**
 * Options as fields. In a body, what reads as a JSON number, boolean, null, list, object or quoted text is taken as that,
 * but a field of text stays text: a version "257" is no number.
 */
function openFields(action: Action, entry: OperationEntry, open: Readonly<Record<string, string>>): Fields {
  const known = [...entry.params, ...entry.query, ...entry.body];
  return Object.fromEntries(
    Object.entries(open).map(([option, text]) => {
      const name = known.find((field) => field === option || field === camelCase(option));
      if (name === undefined) {
        throw usageError(
          `"${action}" has no field "${option}"; it has ${known.join(", ") || "none"}.`,
          `"${action}"에는 "${option}" 필드가 없습니다. 있는 필드: ${known.join(", ") || "없음"}`,
        );
      }
      if (!entry.body.includes(name) || entry.params.includes(name)) return [name, text];
      const value = jsonOrText(text);
      const isKept = !entry.texts.includes(name) || typeof value === "string" || value === null;
      return [name, isKept ? value : text];
    }),
  );
}

const camelCase = (text: string): string =>
  text.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

function jsonOrText(text: string): unknown {
  if (!/^(?:-?\d|true$|false$|null$|[[{"])/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function unknownAction(action: string) {
  const near = Object.keys(operations).filter(
    (name) => name.includes(action) || name.startsWith(action.split(".")[0] ?? ""),
  );
  const some = near.slice(0, 8).join(", ");
  return usageError(
    `There is no action "${action}".${some === "" ? "" : ` Near: ${some}.`} \`maru api\` lists all.`,
    `"${action}" 동작은 없습니다.${some === "" ? "" : ` 비슷한 것: ${some}.`} \`maru api\`로 모두 볼 수 있습니다.`,
  );
}

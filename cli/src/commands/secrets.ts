import { secretInput } from "../auth/secret-input.ts";
import { type Command, defineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { instant } from "../terminal/numbers.ts";
import type { Column } from "../terminal/table.ts";
import { callCommand } from "./call-command.ts";
import { argument } from "./common.ts";
import { listCommand } from "./list-command.ts";

interface Secret {
  readonly name: string;
  readonly description: string;
  readonly version: number;
  readonly updatedBy: string;
  readonly updatedAt: string;
  readonly lastReadAt: string | null;
}

const name = argument("name", "Its name, such as openai-key", "이름, 예: openai-key");

export const secretCommands: readonly Command[] = [
  defineCommand({
    path: "secrets set",
    summary: {
      en: "Store a secret, such as a provider's key; it can't be read back",
      ko: "비밀값 저장 (예: 모델 제공자 키); 다시 읽을 수 없음",
    },
    arguments: [name],
    options: {
      stdin: {
        type: "boolean",
        summary: { en: "Read the value from standard input", ko: "표준 입력에서 값 읽기" },
      },
      description: { type: "string", value: "TEXT", summary: { en: "What it is for", ko: "용도" } },
    },
    async run(cli, input) {
      const secret = input.argument("name");
      const value = await secretInput(cli, {
        stdin: input.options.stdin === true,
        question: cli.say.secretValue(secret),
      });
      const { description } = input.options;
      const stored = await (await cli.api()).call<Secret>("secrets.secret.put", {
        name: secret,
        value,
        description,
      });
      cli.out.result(stored, () => cli.say.done(`${stored.name} v${stored.version}`));
      return exitCodes.ok;
    },
  }),
  listCommand({
    path: "secrets list",
    summary: { en: "List secrets without their values", ko: "비밀값 없이 목록만 보기" },
    action: "secrets.secret.list",
    columns: ({ say }): readonly Column<Secret>[] => [
      { title: say.name, of: (row) => row.name },
      { title: say.version, align: "right", of: ({ version }) => version },
      { title: say.description, canShrink: true, of: ({ description }) => description },
      { title: say.author, canShrink: true, of: ({ updatedBy }) => updatedBy },
      { title: say.updated, of: ({ updatedAt }) => instant(updatedAt) },
      { title: say.lastUsed, of: ({ lastReadAt }) => instant(lastReadAt) },
    ],
  }),
  callCommand({
    path: "secrets delete",
    summary: { en: "Delete a secret", ko: "비밀값 지우기" },
    action: "secrets.secret.delete",
    arguments: [name],
    fields: (input) => ({ name: input.argument("name") }),
    show: ({ say }, gone: Secret | undefined) => say.done(gone?.name ?? ""),
  }),
];

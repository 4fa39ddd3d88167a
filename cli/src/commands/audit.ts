import type { OptionSpecs, Values } from "../command.ts";
import { type Command, defineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { instant } from "../terminal/numbers.ts";
import type { Column } from "../terminal/table.ts";
import { instantOf } from "./common.ts";
import { download, outputOption } from "./download.ts";
import { listCommand } from "./list-command.ts";

interface AuditEvent {
  readonly id: string;
  readonly at: string;
  readonly actor: { readonly kind: string; readonly id: string };
  readonly action: string;
  readonly resource: string;
  readonly address: string | null;
  readonly seq: number | null;
}

interface AuditVerdict {
  readonly ok: boolean;
  readonly checked: number;
  readonly unsealed: number;
  readonly firstFault: {
    readonly seq: number | null;
    readonly eventId: string | null;
    readonly kind: string;
  } | null;
  readonly nextAfter: number | null;
}

const filters = {
  from: { type: "string", value: "WHEN", summary: { en: "From this instant on", ko: "이 시각부터" } },
  to: { type: "string", value: "WHEN", summary: { en: "Before this instant", ko: "이 시각 전까지" } },
  actor: { type: "string", value: "KIND:ID", summary: { en: "Who acted", ko: "행위자" } },
  action: {
    type: "string",
    value: "ACTION",
    summary: { en: "An action, or its beginning", ko: "동작 또는 그 앞부분" },
  },
  resource: {
    type: "string",
    value: "TYPE:ID",
    summary: { en: "A resource, or its type", ko: "대상 또는 그 종류" },
  },
} as const satisfies OptionSpecs;

const filterFields = (options: Values<typeof filters>) => ({
  from: instantOf("from", options.from, Date.now()),
  to: instantOf("to", options.to, Date.now()),
  actor: options.actor,
  action: options.action,
  resource: options.resource,
});

export const auditCommands: readonly Command[] = [
  listCommand({
    path: "audit list",
    summary: { en: "List what was changed and by whom, newest first", ko: "누가 무엇을 바꿨는지, 최신순" },
    action: "audit.event.list",
    options: filters,
    fields: ({ options }) => filterFields(options),
    columns: ({ say }): readonly Column<AuditEvent>[] => [
      { title: "#", align: "right", of: ({ seq }) => seq },
      { title: say.at, of: ({ at }) => instant(at) },
      { title: say.actor, canShrink: true, of: ({ actor }) => `${actor.kind}:${actor.id}` },
      { title: say.action, of: ({ action }) => action },
      { title: say.resource, of: ({ resource }) => resource },
    ],
  }),
  defineCommand({
    path: "audit export",
    summary: { en: "Download events, oldest first", ko: "이벤트 내려받기, 오래된 순" },
    options: {
      ...filters,
      format: {
        type: "string",
        choices: ["jsonl", "csv"],
        summary: { en: "jsonl (default) or csv", ko: "jsonl(기본) 또는 csv" },
      },
      ...outputOption,
    },
    run: (cli, { options }) =>
      download(
        cli,
        "audit.event.export",
        { ...filterFields(options), format: options.format },
        options.output,
      ),
  }),
  defineCommand({
    path: "audit verify",
    summary: {
      en: "Check the chain for changed, missing or added events: exit 1 when a fault is found",
      ko: "체인에서 바뀌거나 빠지거나 끼어든 이벤트 검사: 문제가 있으면 종료 코드 1",
    },
    async run(cli) {
      const api = await cli.api();
      let checked = 0;
      let after = 0;
      for (;;) {
        const verdict = await api.call<AuditVerdict>("audit.chain.verify", { after });
        checked += verdict.checked;
        const total = { ...verdict, checked };
        const fault = verdict.firstFault;
        if (!verdict.ok || fault !== null) {
          cli.out.result(total, () =>
            cli.out.paint.red(
              cli.say.chainFault(fault?.kind ?? "?", String(fault?.seq ?? "–"), fault?.eventId ?? "–"),
            ),
          );
          return exitCodes.failed;
        }
        if (verdict.nextAfter === null) {
          cli.out.result(total, () => cli.out.paint.green(cli.say.chainWhole(checked, verdict.unsealed)));
          return exitCodes.ok;
        }
        after = verdict.nextAfter;
      }
    },
  }),
];

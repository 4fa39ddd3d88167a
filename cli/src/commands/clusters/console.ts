import { type Command, defineCommand } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { attach } from "../../terminal/attach.ts";
import { clusterOption, thing, thingFields } from "./which-cluster.ts";

interface Ticket {
  readonly ticket: string;
}

/** The serial console of a machine in this terminal. */
export const consoleCommand: Command = defineCommand({
  path: "vms console",
  summary: {
    en: "Open the serial console of a machine; Ctrl-] leaves it",
    ko: "가상 머신의 시리얼 콘솔 열기; Ctrl-]로 나가기",
  },
  arguments: [thing],
  options: clusterOption,
  async run(cli, input) {
    const api = await cli.api();
    const fields = await thingFields(cli, input);
    const { ticket } = await api.call<Ticket>("harvester.console_ticket.create", {
      ...fields,
      kind: "console",
    });
    const { id, namespace, name } = fields as Record<"id" | "namespace" | "name", string>;
    const base = api.endpoint.replace(/^http/, "ws").replace(/\/+$/, "");
    const url = `${base}/v1/clusters/${id}/namespaces/${namespace}/virtual-machines/${name}/console`;
    const reason = await attach(url, ["maru.console", `maru.ticket.${ticket}`]);
    if (reason !== undefined) cli.out.note(reason);
    return exitCodes.ok;
  },
});

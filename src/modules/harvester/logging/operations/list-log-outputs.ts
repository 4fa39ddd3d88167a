import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { NamespacedList } from "../../words.ts";
import { readLogOutput } from "../read-logging.rules.ts";
import { LogOutput } from "../schemas.ts";

export const listLogOutputs = defineOperation({
  action: "harvester.log_output.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List where logs of namespaces can go",
  input: NamespacedList,
  output: pageOf(LogOutput),
  raises: readRaises,
  async run(ctx, input) {
    const page = await listObjects(ctx, input, { group: "logging", plural: "outputs" });
    return { ...page, items: page.items.map(readLogOutput) };
  },
});

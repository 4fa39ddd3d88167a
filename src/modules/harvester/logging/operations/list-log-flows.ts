import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { NamespacedList } from "../../words.ts";
import { readLogFlow } from "../read-logging.rules.ts";
import { LogFlow } from "../schemas.ts";

export const listLogFlows = defineOperation({
  action: "harvester.log_flow.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List which logs of namespaces go where",
  input: NamespacedList,
  output: pageOf(LogFlow),
  raises: readRaises,
  async run(ctx, input) {
    const page = await listObjects(ctx, input, { group: "logging", plural: "flows" });
    return { ...page, items: page.items.map(readLogFlow) };
  },
});

import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { NamespacedList } from "../../words.ts";
import { templateOf } from "../read-template.rules.ts";
import { MachineTemplate } from "../schemas.ts";

export const listTemplates = defineOperation({
  action: "harvester.template.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List the templates that virtual machines are made from",
  input: NamespacedList,
  output: pageOf(MachineTemplate),
  raises: readRaises,
  resource: ({ id }) => `cluster:${id}`,
  async run(ctx, query) {
    const page = await listObjects(ctx, query, { group: "harvester", plural: "virtualmachinetemplates" });
    return { ...page, items: page.items.map(templateOf) };
  },
});

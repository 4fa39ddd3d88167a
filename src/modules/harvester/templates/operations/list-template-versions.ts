import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { NamespacedList } from "../../words.ts";
import { versionOf } from "../read-template.rules.ts";
import { TemplateVersion } from "../schemas.ts";

export const listTemplateVersions = defineOperation({
  action: "harvester.template_version.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List the versions of the templates of a cluster",
  input: NamespacedList,
  output: pageOf(TemplateVersion),
  raises: readRaises,
  resource: ({ id }) => `cluster:${id}`,
  async run(ctx, query) {
    const page = await listObjects(ctx, query, {
      group: "harvester",
      plural: "virtualmachinetemplateversions",
    });
    return { ...page, items: page.items.map(versionOf) };
  },
});

import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { NamespacedList } from "../../words.ts";
import { readAlertmanagerConfig } from "../read-series.rules.ts";
import { AlertmanagerConfig } from "../schemas.ts";

export const listAlertmanagerConfigs = defineOperation({
  action: "harvester.alertmanager_config.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List who the cluster's own Alertmanager tells of alerts",
  input: NamespacedList,
  output: pageOf(AlertmanagerConfig),
  raises: readRaises,
  async run(ctx, input) {
    const page = await listObjects(ctx, input, { group: "monitoring", plural: "alertmanagerconfigs" });
    return { ...page, items: page.items.map(readAlertmanagerConfig) };
  },
});

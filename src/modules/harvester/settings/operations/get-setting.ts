import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { readRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { ClusterNamedRef } from "../../words.ts";
import { Setting } from "../schemas.ts";
import { readSetting } from "../setting.rules.ts";

export const getSetting = defineOperation({
  action: "harvester.setting.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Show a setting of a cluster",
  input: ClusterNamedRef,
  output: Setting,
  raises: readRaises,
  async run(ctx, { id, name }) {
    const kube = await openWholeCluster(ctx, id);
    return readSetting(await kube.get(pathOf("harvester", "settings", { name })));
  },
});

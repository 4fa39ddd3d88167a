import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { ResetSetting, Setting } from "../schemas.ts";
import { mustBeChangeable, readSetting } from "../setting.rules.ts";

export const resetSetting = defineOperation({
  action: "harvester.setting.reset",
  effect: "write",
  scope: "clusters:admin",
  summary: "Let a setting of a cluster be what it is by default",
  input: ResetSetting,
  output: doneOf(Setting),
  raises: writeRaises,
  resource: (at) => entityOf(at, "settings"),
  async run(ctx, { id, name, confirm }) {
    mustBeChangeable(name, confirm);
    const kube = await openWholeCluster(ctx, id);
    const path = pathOf("harvester", "settings", { name });
    const before = readSetting(await kube.get(path));
    const done = await kube.patch(path, "merge", { value: "" });
    return settle(ctx, entityOf({ id, name }, "settings"), done, readSetting, before);
  },
});

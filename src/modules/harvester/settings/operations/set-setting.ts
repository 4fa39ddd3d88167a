import { defineOperation } from "../../../../kernel/operation.ts";
import { orChanged } from "../../kube/or-changed.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { givenValue } from "../given-value.ts";
import { SetSetting, Setting } from "../schemas.ts";
import { mustBeChangeable, mustBeValue, readSetting } from "../setting.rules.ts";

export const setSetting = defineOperation({
  action: "harvester.setting.set",
  effect: "write",
  scope: "clusters:admin",
  summary: "Set a setting of a cluster; risky ones are confirmed by their name",
  input: SetSetting,
  output: doneOf(Setting),
  raises: writeRaises,
  resource: (at) => entityOf(at, "settings"),
  async run(ctx, { id, name, value, secretName, confirm, resourceVersion }) {
    mustBeChangeable(name, confirm);
    const kube = await openWholeCluster(ctx, id);
    const text = await givenValue(ctx, { name, value, secretName });
    mustBeValue(name, text, secretName === undefined ? "/value" : "/secretName");
    const path = pathOf("harvester", "settings", { name });
    const before = readSetting(await kube.get(path));
    const edit = kube.patch(
      path,
      "merge",
      { ...(resourceVersion === undefined ? {} : { metadata: { resourceVersion } }), value: text },
      { pointers: { value: "/value" } },
    );
    const yours = { resourceVersion, ...(secretName === undefined ? { value } : { secretName }) };
    const done = await orChanged(edit, { kube, path, read: readSetting }, yours);
    return settle(ctx, entityOf({ id, name }, "settings"), done, readSetting, before);
  },
});

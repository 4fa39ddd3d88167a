import { defineOperation } from "../../../../kernel/operation.ts";
import { orChanged } from "../../kube/or-changed.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { mustBeValues, readAddon } from "../addon.rules.ts";
import { Addon, SetAddonValues } from "../schemas.ts";

export const setAddonValues = defineOperation({
  action: "harvester.addon.set_values",
  effect: "write",
  scope: "clusters:admin",
  summary: "Give an add-on other values, as a whole; the cluster deploys it again",
  input: SetAddonValues,
  output: doneOf(Addon),
  raises: writeRaises,
  resource: ({ id, namespace, name }) => entityOf({ id, namespace, name }, "addons"),
  async run(ctx, { values, resourceVersion, ...at }) {
    mustBeValues(values);
    const kube = await openWholeCluster(ctx, at.id);
    const path = pathOf("harvester", "addons", at);
    const edit = kube.patch(
      path,
      "merge",
      { metadata: { resourceVersion }, spec: { valuesContent: values } },
      { pointers: { "spec.valuesContent": "/values" } },
    );
    const done = await orChanged(edit, { kube, path, read: readAddon }, { resourceVersion });
    return settle(ctx, entityOf(at, "addons"), done, readAddon);
  },
});

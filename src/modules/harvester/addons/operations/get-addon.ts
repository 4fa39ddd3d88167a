import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { readRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { NamedRef } from "../../words.ts";
import { readAddon, shownValues } from "../addon.rules.ts";
import { AddonWithValues } from "../schemas.ts";

export const getAddon = defineOperation({
  action: "harvester.addon.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Show an add-on with its values, without the secrets in them",
  input: NamedRef,
  output: AddonWithValues,
  raises: readRaises,
  async run(ctx, at) {
    const kube = await openWholeCluster(ctx, at.id);
    const addon = await kube.get(pathOf("harvester", "addons", at));
    return { ...readAddon(addon), values: shownValues(addon) };
  },
});

import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { readRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { ClusterNamedRef } from "../../words.ts";
import { SupportBundle } from "../schemas.ts";
import { bundleNamespace, readSupportBundle } from "../support-bundle.rules.ts";

export const getSupportBundle = defineOperation({
  action: "harvester.support_bundle.get",
  effect: "read",
  scope: "clusters:admin",
  summary: "Show a support bundle, with how far its collection has come",
  input: ClusterNamedRef,
  output: SupportBundle,
  raises: readRaises,
  async run(ctx, { id, name }) {
    const kube = await openWholeCluster(ctx, id);
    const path = pathOf("harvester", "supportbundles", { namespace: bundleNamespace, name });
    return readSupportBundle(await kube.get(path));
  },
});

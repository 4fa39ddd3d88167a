import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, ClusterNamedRef } from "../../words.ts";
import { bundleNamespace, readSupportBundle } from "../support-bundle.rules.ts";

export const deleteSupportBundle = defineOperation({
  action: "harvester.support_bundle.delete",
  effect: "write",
  scope: "clusters:admin",
  summary: "Delete a support bundle",
  input: ClusterNamedRef,
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, "support-bundles"),
  async run(ctx, at) {
    const kube = await openWholeCluster(ctx, at.id);
    const path = pathOf("harvester", "supportbundles", { namespace: bundleNamespace, name: at.name });
    const before = readSupportBundle(await kube.get(path));
    return settleBare(ctx, entityOf(at, "support-bundles"), await kube.remove(path), { before });
  },
});

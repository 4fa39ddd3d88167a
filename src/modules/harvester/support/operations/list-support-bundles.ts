import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { ClusterList } from "../../words.ts";
import { SupportBundle } from "../schemas.ts";
import { bundleNamespace, readSupportBundle } from "../support-bundle.rules.ts";

export const listSupportBundles = defineOperation({
  action: "harvester.support_bundle.list",
  effect: "read",
  scope: "clusters:admin",
  summary: "List the support bundles of a cluster",
  input: ClusterList,
  output: pageOf(SupportBundle),
  raises: readRaises,
  async run(ctx, input) {
    await openWholeCluster(ctx, input.id);
    const query = { ...input, namespace: bundleNamespace };
    const page = await listObjects(ctx, query, { group: "harvester", plural: "supportbundles" });
    return { ...page, items: page.items.map(readSupportBundle) };
  },
});

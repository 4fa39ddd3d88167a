import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settleFollowed } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { CreateSupportBundle, SupportBundle } from "../schemas.ts";
import { bundleNamespace, bundleOf, readSupportBundle } from "../support-bundle.rules.ts";

export const createSupportBundle = defineOperation({
  action: "harvester.support_bundle.create",
  effect: "write",
  scope: "clusters:admin",
  summary: "Collect logs and objects of a cluster for those who help with a problem",
  input: CreateSupportBundle,
  output: doneOf(SupportBundle),
  raises: writeRaises,
  resource: ({ id }) => `cluster:${id}/support-bundles`,
  async run(ctx, asked) {
    const kube = await openWholeCluster(ctx, asked.id);
    const path = pathOf("harvester", "supportbundles", { namespace: bundleNamespace });
    const done = await kube.create(path, bundleOf(asked), {
      pointers: {
        "spec.description": "/description",
        "spec.issueURL": "/issueUrl",
        "spec.extraCollectionNamespaces": "/namespaces",
      },
    });
    const name = done.object?.metadata.name ?? "";
    return settleFollowed(ctx, entityOf({ id: asked.id, name }, "support-bundles"), done, readSupportBundle, {
      kind: "supportbundle.create",
      clusterId: asked.id,
      namespace: bundleNamespace,
      name,
    });
  },
});

import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { reachableNamespaces } from "../../../clusters/index.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { ClusterList } from "../../words.ts";
import { readNamespace } from "../namespace.rules.ts";
import { Namespace } from "../schemas.ts";

export const listNamespaces = defineOperation({
  action: "harvester.namespace.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List the namespaces of a cluster that the caller reaches",
  input: ClusterList,
  output: pageOf(Namespace),
  raises: readRaises,
  async run(ctx, input) {
    const reached = await reachableNamespaces(ctx, input.id);
    const kind = { group: "core", plural: "namespaces", ofCluster: true } as const;
    const page = await listObjects(ctx, input, kind);
    const own = page.items.filter(({ metadata }) => reached === undefined || reached.includes(metadata.name));
    return { ...page, items: own.map(readNamespace) };
  },
});

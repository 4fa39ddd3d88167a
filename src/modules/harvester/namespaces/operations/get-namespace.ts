import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { readRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { NamespaceRef } from "../../words.ts";
import { findQuota } from "../find-quota.ts";
import { readNamespace } from "../namespace.rules.ts";
import { NamespaceWithQuota } from "../schemas.ts";

export const getNamespace = defineOperation({
  action: "harvester.namespace.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Show a namespace, with its quota and what is used of it",
  input: NamespaceRef,
  output: NamespaceWithQuota,
  raises: readRaises,
  async run(ctx, { id, namespace }) {
    const kube = await openNamespace(ctx, id, namespace);
    const [found, quota] = await Promise.all([
      kube.get(pathOf("core", "namespaces", { name: namespace })),
      findQuota(kube, namespace),
    ]);
    return { ...readNamespace(found), quota };
  },
});

import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { namespaceOf, readNamespace } from "../namespace.rules.ts";
import { CreateNamespace, Namespace } from "../schemas.ts";

export const createNamespace = defineOperation({
  action: "harvester.namespace.create",
  effect: "write",
  scope: "clusters:admin",
  summary: "Make a namespace in a cluster; give it to a project afterwards",
  input: CreateNamespace,
  output: doneOf(Namespace),
  raises: writeRaises,
  resource: ({ id, name }) => entityOf({ id, name }, "namespaces"),
  async run(ctx, asked) {
    const kube = await openWholeCluster(ctx, asked.id);
    const done = await kube.create(pathOf("core", "namespaces"), namespaceOf(asked), {
      pointers: { "metadata.labels": "/labels", metadata: "/name" },
      queueForMs: asked.queueForMs,
    });
    return settle(ctx, entityOf(asked, "namespaces"), done, readNamespace);
  },
});

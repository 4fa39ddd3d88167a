import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted } from "../../words.ts";
import { mustBeDeletable, readNamespace } from "../namespace.rules.ts";
import { DeleteNamespace } from "../schemas.ts";

export const deleteNamespace = defineOperation({
  action: "harvester.namespace.delete",
  effect: "write",
  scope: "clusters:admin",
  summary: "Delete a namespace and everything in it; its name confirms it",
  input: DeleteNamespace,
  output: Accepted,
  raises: writeRaises,
  resource: ({ id, namespace }) => entityOf({ id, name: namespace }, "namespaces"),
  async run(ctx, { id, namespace, confirm }) {
    const kube = await openWholeCluster(ctx, id);
    mustBeDeletable(namespace, confirm);
    const path = pathOf("core", "namespaces", { name: namespace });
    const before = readNamespace(await kube.get(path));
    const done = await kube.remove(path);
    return settleBare(ctx, entityOf({ id, name: namespace }, "namespaces"), done, { before });
  },
});

import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, NamedRef } from "../../words.ts";
import { keyOf } from "../read-key.rules.ts";

export const deleteKey = defineOperation({
  action: "harvester.ssh_key.delete",
  effect: "write",
  scope: "clusters:write",
  summary: "Delete an SSH key; machines that let it in already go on doing so",
  input: NamedRef,
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, "keypairs"),
  async run(ctx, { id, namespace, name }) {
    const kube = await openNamespace(ctx, id, namespace);
    const path = pathOf("harvester", "keypairs", { namespace, name });
    const before = keyOf(await kube.get(path));
    const done = await kube.remove(path);
    return settleBare(ctx, entityOf({ id, namespace, name }, "keypairs"), done, { before });
  },
});

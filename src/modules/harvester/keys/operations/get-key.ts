import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { readRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf } from "../../settle.ts";
import { NamedRef } from "../../words.ts";
import { keyOf } from "../read-key.rules.ts";
import { SshKey } from "../schemas.ts";

export const getKey = defineOperation({
  action: "harvester.ssh_key.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Read an SSH key",
  input: NamedRef,
  output: SshKey,
  raises: readRaises,
  resource: (at) => entityOf(at, "keypairs"),
  async run(ctx, { id, namespace, name }) {
    const kube = await openNamespace(ctx, id, namespace);
    return keyOf(await kube.get(pathOf("harvester", "keypairs", { namespace, name })));
  },
});

import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf, QueueForMs } from "../../words.ts";
import { keyPairObject, keyPointers } from "../key-pair-object.ts";
import { keyOf } from "../read-key.rules.ts";
import { ImportSshKey, SshKey } from "../schemas.ts";

export const importKey = defineOperation({
  action: "harvester.ssh_key.import",
  effect: "write",
  scope: "clusters:write",
  summary: "Add an SSH public key that virtual machines can let in",
  input: ImportSshKey.extend({ queueForMs: QueueForMs }),
  output: doneOf(SshKey),
  raises: writeRaises,
  resource: ({ id, namespace, name }) => entityOf({ id, namespace, name }, "keypairs"),
  async run(ctx, { queueForMs, ...asked }) {
    const kube = await openNamespace(ctx, asked.id, asked.namespace);
    const path = pathOf("harvester", "keypairs", { namespace: asked.namespace });
    const done = await kube.create(path, keyPairObject(asked), { pointers: keyPointers, queueForMs });
    return settle(ctx, entityOf(asked, "keypairs"), done, keyOf);
  },
});

import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { readRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { NamedRef } from "../../words.ts";
import { readVmRestore } from "../read-backups.rules.ts";
import { VmRestore } from "../schemas.ts";

export const getVmRestore = defineOperation({
  action: "harvester.vm_restore.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Show a restore of a virtual machine, with how far it has come",
  input: NamedRef,
  output: VmRestore,
  raises: readRaises,
  async run(ctx, { id, namespace, name }) {
    const kube = await openNamespace(ctx, id, namespace);
    return readVmRestore(await kube.get(pathOf("harvester", "virtualmachinerestores", { namespace, name })));
  },
});

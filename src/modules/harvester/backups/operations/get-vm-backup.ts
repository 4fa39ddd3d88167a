import { defineOperation } from "../../../../kernel/operation.ts";
import { readRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { NamedRef } from "../../words.ts";
import { mustFindBackup } from "../find-backup.ts";
import { VmBackup } from "../schemas.ts";

export const getVmBackup = defineOperation({
  action: "harvester.vm_backup.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Show a backup or snapshot of a virtual machine, with how far it has come",
  input: NamedRef,
  output: VmBackup,
  raises: readRaises,
  async run(ctx, at) {
    return mustFindBackup(await openNamespace(ctx, at.id, at.namespace), at);
  },
});

import { defineOperation } from "../../../../kernel/operation.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, NamedRef } from "../../words.ts";
import { backupPath, mustFindBackup } from "../find-backup.ts";

export const deleteVmBackup = defineOperation({
  action: "harvester.vm_backup.delete",
  effect: "write",
  scope: "clusters:write",
  summary: "Delete a backup or snapshot of a virtual machine",
  input: NamedRef,
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, "vm-backups"),
  async run(ctx, at) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const before = await mustFindBackup(kube, at);
    const done = await kube.remove(backupPath(at));
    return settleBare(ctx, entityOf(at, "vm-backups"), done, { before });
  },
});

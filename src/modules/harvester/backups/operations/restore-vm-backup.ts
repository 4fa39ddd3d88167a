import { defineOperation } from "../../../../kernel/operation.ts";
import { mustReachNamespace } from "../../../clusters/index.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleFollowed } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { mustBeRestorable, vmRestoreOf } from "../backup.rules.ts";
import { mustFindBackup } from "../find-backup.ts";
import { readVmRestore } from "../read-backups.rules.ts";
import { RestoreVmBackup, VmRestore } from "../schemas.ts";

export const restoreVmBackup = defineOperation({
  action: "harvester.vm_backup.restore",
  effect: "write",
  scope: "clusters:write",
  summary: "Restore a backup or snapshot into a new virtual machine, or over the stopped one that it is of",
  input: RestoreVmBackup,
  output: doneOf(VmRestore),
  raises: writeRaises,
  resource: ({ id }) => `cluster:${id}/vm-restores`,
  async run(ctx, { into, halt, ...at }) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const backup = await mustFindBackup(kube, at);
    const { namespace, object } = vmRestoreOf({ into, halt }, backup);
    await mustReachNamespace(ctx, at.id, namespace);
    const name = into.kind === "new" ? into.machine : (backup.machine ?? "");
    const machine = await kube.find(pathOf("kubevirt", "virtualmachines", { namespace, name }));
    mustBeRestorable({ into }, backup, machine);
    const done = await kube.create(pathOf("harvester", "virtualmachinerestores", { namespace }), object, {
      pointers: {
        "spec.target": "/into/machine",
        "spec.newVM": "/into/machine",
        "spec.keepMacAddress": "/into/keepMacAddresses",
        "spec.virtualMachineBackupName": "/name",
      },
    });
    const restore = done.object?.metadata.name ?? name;
    return settleFollowed(
      ctx,
      entityOf({ id: at.id, namespace }, "vm-restores", restore),
      done,
      readVmRestore,
      { kind: "vm.restore", clusterId: at.id, namespace, name: restore },
    );
  },
});

import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleFollowed } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { mustHaveTarget, nameTaken, vmBackupOf } from "../backup.rules.ts";
import { backupPath, findTarget } from "../find-backup.ts";
import { readVmBackup } from "../read-backups.rules.ts";
import { CreateVmBackup, VmBackup } from "../schemas.ts";

export const createVmBackup = defineOperation({
  action: "harvester.vm_backup.create",
  effect: "write",
  scope: "clusters:write",
  summary: "Back up a virtual machine to the backup target, or take a snapshot of it in the cluster",
  input: CreateVmBackup,
  output: doneOf(VmBackup),
  raises: writeRaises,
  resource: ({ id, namespace, name }) => entityOf({ id, namespace, name }, "vm-backups"),
  async run(ctx, asked) {
    const { namespace, machine: name } = asked;
    const kube = await openNamespace(ctx, asked.id, namespace);
    const [machine, target, namesake] = await Promise.all([
      kube.get(pathOf("kubevirt", "virtualmachines", { namespace, name })),
      asked.type === "backup" ? findTarget(kube) : undefined,
      kube.find(backupPath({ namespace, name: asked.name })),
    ]);
    if (namesake !== undefined) throw nameTaken(readVmBackup(namesake));
    if (target !== undefined) mustHaveTarget(target);
    const done = await kube.create(backupPath({ namespace }), vmBackupOf(asked, machine), {
      pointers: {
        "spec.source": "/machine",
        "spec.type": "/type",
        "spec.fsFreezeDeadline": "/freezeSeconds",
        metadata: "/name",
      },
      queueForMs: asked.queueForMs,
    });
    return settleFollowed(ctx, entityOf(asked, "vm-backups"), done, readVmBackup, {
      kind: `vm.${asked.type}`,
      clusterId: asked.id,
      namespace,
      name: asked.name,
    });
  },
});

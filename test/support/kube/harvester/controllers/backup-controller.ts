import type { KubeObject, World } from "../../words.ts";
import { isBackup, stepBackup, type Target, targetOf } from "../machines/backup.rules.ts";
import { fieldsAt, textAt } from "../machines/fields.ts";
import { claimsOf } from "../machines/instance-spec.rules.ts";
import { emit } from "./emit.ts";
import { kindIn, watched } from "./kinds.ts";
import { editIfChanged, reconciler } from "./reconciler.ts";

const component = "harvester-vm-backup-controller";

/** Where backups go, by the setting. */
export function backupTarget(world: World): Target {
  const setting = world.store.find(kindIn(world, "setting"), undefined, "backup-target");
  return targetOf(textAt(setting, "value") ?? textAt(setting, "default"));
}

/** The claims of a machine's disks, as far as they exist. */
export function claimsOfMachine(world: World, machine: KubeObject | undefined): KubeObject[] {
  const kind = kindIn(world, "claim");
  return claimsOf(fieldsAt(machine, "spec", "template", "spec")).flatMap((name) => {
    const claim = world.store.find(kind, machine?.metadata.namespace, name);
    return claim === undefined ? [] : [claim];
  });
}

/** Takes backups to the target, and snapshots in place. */
export const backupController = reconciler({
  name: "virtualmachinebackups",
  watches: [watched("backup")],
  reconcile(world, key) {
    const kind = kindIn(world, "backup");
    const backup = world.store.find(kind, key.namespace, key.name);
    if (backup === undefined) return undefined;
    const source = textAt(backup, "spec", "source", "name") ?? "";
    const machine = world.store.find(kindIn(world, "virtualMachine"), key.namespace, source);
    const claims = claimsOfMachine(world, machine);
    const step = stepBackup({ backup, machine, claims, target: backupTarget(world), now: world.clock.now() });
    const { status } = step;
    if (status !== undefined)
      editIfChanged(world.store, kind, key, (stored) => {
        stored["status"] = status;
      });
    const what = isBackup(backup) ? "backup" : "snapshot";
    if (step.failedWith !== undefined)
      emit(
        world,
        backup,
        { type: "Warning", reason: "VirtualMachineBackupError", message: step.failedWith },
        component,
      );
    if (step.becameReady === true) {
      const message = `Successfully created ${what} ${key.name} of virtual machine ${source}`;
      emit(world, backup, { type: "Normal", reason: "VirtualMachineBackupReady", message }, component);
    }
    return step.againMs;
  },
});

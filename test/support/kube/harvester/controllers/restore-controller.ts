import type { KubeObject, World } from "../../words.ts";
import { itemsAt, textAt } from "../machines/fields.ts";
import { type RestoreStep, restoredClaim, stepRestore } from "../machines/restore.rules.ts";
import { emit } from "./emit.ts";
import { kindIn, watched } from "./kinds.ts";
import { make } from "./make.ts";
import { editIfChanged, type Key, reconciler } from "./reconciler.ts";

const component = "harvester-vm-restore-controller";

const targetName = (restore: KubeObject) => textAt(restore, "spec", "target", "name") ?? "";

function claimsBound(world: World, restore: KubeObject, backup: KubeObject | undefined): boolean {
  const kind = kindIn(world, "claim");
  return itemsAt(backup, "status", "volumeBackups").every((one) => {
    const from = textAt(one, "persistentVolumeClaim", "metadata", "name") ?? "";
    const claim = world.store.find(kind, restore.metadata.namespace, restoredClaim(restore, from));
    return textAt(claim, "status", "phase") === "Bound";
  });
}

function bringMachine(
  world: World,
  key: Key,
  restore: KubeObject,
  machine: NonNullable<RestoreStep["machine"]>,
): void {
  const kind = kindIn(world, "virtualMachine");
  const name = targetName(restore);
  const at = { namespace: key.namespace, name };
  const { labels, annotations, spec } = machine;
  if (world.store.find(kind, key.namespace, name) === undefined)
    make(world, "virtualMachine", { name, namespace: key.namespace, labels, annotations }, { spec });
  else
    editIfChanged(world.store, kind, at, (stored) => {
      const { "harvesterhci.io/volumeClaimTemplates": _claims, ...kept } = stored.metadata.annotations ?? {};
      stored.metadata.annotations = { ...kept, ...annotations };
      stored["spec"] = spec;
    });
  const made = world.store.get(kind, key.namespace, name);
  editIfChanged(world.store, kindIn(world, "restore"), key, (stored) => {
    stored["status"] = { ...(stored["status"] ?? {}), targetUID: made.metadata.uid };
  });
}

function carryOut(world: World, key: Key, restore: KubeObject, step: RestoreStep): void {
  const claimKind = kindIn(world, "claim");
  for (const { name, annotations, spec } of step.makeClaims ?? [])
    if (world.store.find(claimKind, key.namespace, name) === undefined)
      make(
        world,
        "claim",
        { name, namespace: key.namespace, annotations },
        { spec, status: { phase: "Pending" } },
      );
  const { status } = step;
  if (status !== undefined)
    editIfChanged(world.store, kindIn(world, "restore"), key, (stored) => {
      stored["status"] = { ...status };
    });
  if (step.machine !== undefined) bringMachine(world, key, restore, step.machine);
  for (const name of step.drop ?? [])
    if (world.store.find(claimKind, key.namespace, name) !== undefined)
      world.store.delete(claimKind, key.namespace, name);
  if (step.failedWith !== undefined)
    emit(
      world,
      restore,
      { type: "Warning", reason: "VirtualMachineRestoreError", message: step.failedWith },
      component,
    );
  if (step.complete === true) {
    const message = `Successfully completed VirtualMachineRestore ${restore.metadata.name}`;
    emit(world, restore, { type: "Normal", reason: "VirtualMachineRestoreComplete", message }, component);
  }
}

/** Brings virtual machines back from backups. */
export const restoreController = reconciler({
  name: "virtualmachinerestores",
  watches: [watched("restore")],
  reconcile(world, key) {
    const restore = world.store.find(kindIn(world, "restore"), key.namespace, key.name);
    if (restore === undefined) return undefined;
    const from = textAt(restore, "spec", "virtualMachineBackupNamespace") ?? key.namespace;
    const name = textAt(restore, "spec", "virtualMachineBackupName") ?? "";
    const backup = world.store.find(kindIn(world, "backup"), from, name);
    const step = stepRestore({
      restore,
      backup,
      machine: world.store.find(kindIn(world, "virtualMachine"), key.namespace, targetName(restore)),
      running: world.store.find(kindIn(world, "instance"), key.namespace, targetName(restore)) !== undefined,
      claimsBound: claimsBound(world, restore, backup),
      now: world.clock.now(),
    });
    carryOut(world, key, restore, step);
    return step.againMs;
  },
});

import type { AdmissionRequest, KubeObject, World } from "../../words.ts";
import { at, flagAt, itemsAt, textAt } from "../machines/fields.ts";
import { currentTarget } from "./backup-target.ts";
import { isRestoring } from "./backups.ts";
import { all, annotation, find, missing, reference } from "./look.ts";
import { harvester } from "./refusals.ts";

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const backupWrong = (why: string) => harvester.invalid(why, "spec.virtualMachineBackupName");
const targetWrong = (why: string) => harvester.invalid(why, "spec.target.name");

function mustFindBackup(world: World, restore: KubeObject): KubeObject {
  const namespace = textAt(restore, "spec", "virtualMachineBackupNamespace") ?? "";
  const name = textAt(restore, "spec", "virtualMachineBackupName") ?? "";
  const backup = find(world, "virtualmachinebackups", namespace, name);
  if (backup === undefined) {
    throw backupWrong(
      `can't get vmbackup ${namespace}/${name}, err: ${missing("virtualmachinebackups", name)}`,
    );
  }
  if (!flagAt(backup, "status", "readyToUse")) {
    throw backupWrong(`VMBackup ${namespace}/${name} is not ready`);
  }
  if (backup.metadata.deletionTimestamp !== undefined) {
    throw backupWrong(`vmbackup ${namespace}/${name} is deleted`);
  }
  return backup;
}

function checkSchedule(world: World, backup: KubeObject): void {
  const written = annotation(backup, "harvesterhci.io/svmbackupId");
  if (written === undefined) return;
  const { namespace, name } = reference(written, backup.metadata.namespace ?? "default");
  const schedule = find(world, "schedulevmbackups", namespace, name);
  if (schedule !== undefined && !flagAt(schedule, "spec", "suspend")) {
    throw harvester.internal(`Source schedule ${namespace}/${name} is running`);
  }
}

function checkNetworks(world: World, backup: KubeObject): void {
  for (const one of itemsAt(backup, "status", "source", "spec", "template", "spec", "networks")) {
    const written = textAt(one, "multus", "networkName");
    if (written === undefined) continue;
    const { namespace, name } = reference(written, backup.metadata.namespace ?? "default");
    if (find(world, "network-attachment-definitions", namespace, name) !== undefined) continue;
    throw backupWrong(
      `failed to get network attachment definition ${written}, err: ${missing("network-attachment-definitions", name)}`,
    );
  }
}

function checkSnapshot(restore: KubeObject, backup: KubeObject): void {
  if (restore.metadata.namespace !== backup.metadata.namespace) {
    throw backupWrong("restore to other namespace with backup type snapshot is not supported");
  }
  const replaces = !flagAt(restore, "spec", "newVM");
  if (replaces && textAt(restore, "spec", "deletionPolicy") !== "retain") {
    throw backupWrong("delete policy with backup type snapshot for replacing VM is not supported");
  }
}

function checkRemote(world: World, backup: KubeObject): void {
  const target = currentTarget(world);
  if (target === "unset") throw backupWrong("backup target is not set");
  const kept = at(backup, "status", "backupTarget");
  const moved = ["endpoint", "bucketName", "bucketRegion"].some(
    (field) => (textAt(kept, field) ?? "") !== (textAt(target, field) ?? ""),
  );
  if (kept !== undefined && moved) {
    throw backupWrong(
      `backup target ${textAt(target, "endpoint") ?? ""} is not matched in vmBackup ${backup.metadata.namespace}/${backup.metadata.name}`,
    );
  }
}

function checkAddresses(world: World, restore: KubeObject, backup: KubeObject): void {
  if (!flagAt(restore, "spec", "keepMacAddress")) return;
  const other = all(world, "virtualmachinerestores").find(
    (one) =>
      textAt(one, "spec", "virtualMachineBackupName") === backup.metadata.name &&
      flagAt(one, "spec", "newVM") &&
      flagAt(one, "spec", "keepMacAddress"),
  );
  if (other !== undefined) {
    throw harvester.invalid(
      `can't restore the new vm with the same macaddress as the vmrestore ${other.metadata.namespace}/${other.metadata.name}`,
      "spec.keepMacAddress",
    );
  }
  const source = find(
    world,
    "virtualmachines",
    backup.metadata.namespace,
    textAt(backup, "spec", "source", "name") ?? "",
  );
  if (source !== undefined && source.metadata.uid === textAt(backup, "status", "sourceUID")) {
    throw harvester.invalid(
      "can't restore the new vm with the same macaddress because the source vm is still existent",
      "spec.keepMacAddress",
    );
  }
}

function checkTarget(world: World, restore: KubeObject, backup: KubeObject): void {
  const { namespace } = restore.metadata;
  const name = textAt(restore, "spec", "target", "name") ?? "";
  const machine = find(world, "virtualmachines", namespace, name);
  if (flagAt(restore, "spec", "newVM")) {
    if (machine !== undefined) throw harvester.invalid(`VM ${name} is already exists`, "spec.newVM");
    checkAddresses(world, restore, backup);
    return;
  }
  if (machine === undefined) throw targetWrong(`can't replace nonexistent vm ${name}`);
  if (flagAt(machine, "status", "ready")) {
    throw targetWrong(`Please stop the VM "${name}" before doing a restore`);
  }
  const busy = all(world, "virtualmachinerestores", namespace).some(
    (other) => textAt(other, "spec", "target", "name") === name && isRestoring(other),
  );
  if (busy) {
    throw targetWrong(
      `Please wait for the previous VM restore on the ${namespace}/${name} to be complete first.`,
    );
  }
}

function checkNewRestore(world: World, restore: KubeObject): void {
  if (!NAME.test(textAt(restore, "spec", "target", "name") ?? "")) {
    throw targetWrong(
      "Target VM name is invalid, err: [a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character]",
    );
  }
  const backup = mustFindBackup(world, restore);
  checkSchedule(world, backup);
  checkNetworks(world, backup);
  if (textAt(backup, "spec", "type") === "snapshot") checkSnapshot(restore, backup);
  else checkRemote(world, backup);
  checkTarget(world, restore, backup);
}

/** A restore replaces only a stopped machine, is never edited, and stays while its machine does. */
export function checkRestore({ operation, object, old, world }: AdmissionRequest): void {
  if (operation === "CREATE") {
    checkNewRestore(world, object);
  } else if (operation === "UPDATE") {
    if (JSON.stringify(old?.["spec"]) !== JSON.stringify(object["spec"])) {
      throw harvester.invalid("VirtualMachineRestore spec is immutable", "spec");
    }
  } else {
    const name = textAt(object, "spec", "target", "name") ?? "";
    const machine = find(world, "virtualmachines", object.metadata.namespace, name);
    if (machine !== undefined && machine.metadata.deletionTimestamp === undefined) {
      throw targetWrong(`The restore can't be removed because the restored VM ${name} exists`);
    }
  }
}

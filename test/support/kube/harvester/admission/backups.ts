import type { AdmissionRequest, KubeObject, World } from "../../words.ts";
import { at, type Fields, fieldsAt, flagAt, itemsAt, parsedText, textAt } from "../machines/fields.ts";
import { quantityOf } from "../machines/quantity.ts";
import { currentTarget } from "./backup-target.ts";
import { all, annotation, claimNames, find, missing, provisionerOf, settingValue } from "./look.ts";
import { harvester, harvesterMutator } from "./refusals.ts";

const SCHEDULE = "harvesterhci.io/svmbackupId";

/** Backups and snapshots are one kind and share names: said before the store would say it less plainly. */
export function checkNameFree({ operation, object, world }: AdmissionRequest): void {
  if (operation !== "CREATE" || !object.metadata.name) return;
  const { namespace, name } = object.metadata;
  const taken = find(world, "virtualmachinebackups", namespace, name);
  if (taken === undefined) return;
  const [own, other] = [textAt(object, "spec", "type") ?? "backup", textAt(taken, "spec", "type")];
  throw harvesterMutator.badRequest(
    own === other
      ? `${own} "${name}" already exists`
      : `name "${name}" is already used by a ${other} (backup and snapshot share names)`,
  );
}

function isMigrating(world: World, namespace: string | undefined, name: string): boolean {
  return all(world, "virtualmachineinstancemigrations", namespace).some((migration) => {
    const phase = textAt(migration, "status", "phase") ?? "Pending";
    return textAt(migration, "spec", "vmiName") === name && !["Succeeded", "Failed"].includes(phase);
  });
}

function checkVolumes(world: World, machine: KubeObject, type: string): void {
  const { namespace } = machine.metadata;
  const drivers = fieldsAt({ drivers: parsedText(settingValue(world, "csi-driver-config")) }, "drivers");
  for (const name of claimNames(machine)) {
    const claim = find(world, "persistentvolumeclaims", namespace, name);
    if (claim === undefined) {
      throw sourceWrong(`failed to get PVC ${namespace}/${name}: ${missing("persistentvolumeclaims", name)}`);
    }
    const provisioner = provisionerOf(world, claim) ?? "";
    const field = type === "backup" ? "backupVolumeSnapshotClassName" : "volumeSnapshotClassName";
    if (textAt(drivers, provisioner, field) !== undefined) continue;
    throw sourceWrong(
      drivers[provisioner] === undefined
        ? `provisioner ${provisioner} is not configured in the csi-driver-config setting`
        : `${provisioner}'s ${field} is not configured in the csi-driver-config setting`,
    );
  }
}

const sourceWrong = (why: string) => harvester.invalid(why, "spec.source.name");

/** Snapshots of a namespace and of a machine keep within the quota that is set for them. */
function checkSnapshotQuota(world: World, machine: KubeObject): void {
  const { namespace, name } = machine.metadata;
  const quota = world.store.find(
    world.store.kindOf("harvesterhci.io", "resourcequotas"),
    namespace,
    "default-resource-quota",
  );
  if (quota === undefined) return;
  const limits = fieldsAt(quota, "spec", "snapshotLimit");
  const used = fieldsAt(quota, "status", "snapshotLimitStatus");
  const coming = claimNames(machine)
    .map((claim) => find(world, "persistentvolumeclaims", namespace, claim))
    .reduce((sum, claim) => sum + quantityOf(at(claim, "spec", "resources", "requests", "storage")), 0);
  const check = (limit: unknown, usage: unknown, what: string) => {
    if (typeof limit !== "number" || limit === 0) return;
    const total = quantityOf(usage) + coming;
    if (total <= limit) return;
    throw harvester.invalid(
      `total snapshot size limit ${limit} of ${what} is exceeded: ${total} would be used`,
      "",
    );
  };
  check(
    fieldsAt(limits, "vmTotalSnapshotSizeQuota")[name],
    fieldsAt(used, "vmTotalSnapshotSizeUsage")[name],
    `vm ${namespace}/${name}`,
  );
  check(
    limits["namespaceTotalSnapshotSizeQuota"],
    used["namespaceTotalSnapshotSizeUsage"],
    `namespace ${namespace}`,
  );
}

function checkTarget(world: World): void {
  let target: Fields | "unset";
  try {
    target = currentTarget(world);
  } catch (error) {
    throw harvester.invalid(error instanceof Error ? error.message : String(error), "spec.type");
  }
  if (target === "unset") throw harvester.invalid("backup target is not set", "spec.type");
}

function checkNewBackup(world: World, backup: KubeObject): void {
  const name = textAt(backup, "spec", "source", "name");
  if (name === undefined) throw sourceWrong("source VM name is empty");
  const { namespace } = backup.metadata;
  const type = textAt(backup, "spec", "type") ?? "backup";
  const machine = find(world, "virtualmachines", namespace, name);
  if (machine === undefined) throw sourceWrong(missing("virtualmachines", name));
  if (isMigrating(world, namespace, name)) throw sourceWrong(`vm ${namespace}/${name} is in migration`);
  const shared = itemsAt(machine, "spec", "template", "spec", "domain", "devices", "disks").find((disk) =>
    flagAt(disk, "shareable"),
  );
  if (shared !== undefined) {
    throw sourceWrong(
      `cannot back up VM ${namespace}/${name}: disk ${textAt(shared, "name")} is shareable and may be written by multiple VMs concurrently`,
    );
  }
  checkSnapshotQuota(world, machine);
  checkVolumes(world, machine, type);
  if (type === "backup") checkTarget(world);
}

function checkDeadline(backup: KubeObject): void {
  if (textAt(backup, "spec", "fsFreezeDeadline")?.startsWith("-")) {
    throw harvester.invalid("must not be negative", "spec.fsFreezeDeadline");
  }
}

function checkKept(backup: KubeObject, old: KubeObject): void {
  if (textAt(old, "spec", "type") !== textAt(backup, "spec", "type")) {
    throw harvester.invalid("spec.type is immutable", "spec.type");
  }
  if (JSON.stringify(at(old, "spec", "source")) !== JSON.stringify(at(backup, "spec", "source"))) {
    throw harvester.invalid("spec.source is immutable", "spec.source");
  }
  if (annotation(old, SCHEDULE) !== annotation(backup, SCHEDULE)) {
    throw harvester.badRequest(`annotation ${SCHEDULE} isn't allowed for updating`);
  }
}

function checkNotRestoring(world: World, backup: KubeObject): void {
  const { namespace, name } = backup.metadata;
  const busy = all(world, "virtualmachinerestores").find(
    (restore) =>
      textAt(restore, "spec", "virtualMachineBackupName") === name &&
      textAt(restore, "spec", "virtualMachineBackupNamespace") === namespace &&
      isRestoring(restore),
  );
  if (busy !== undefined) {
    throw harvester.badRequest(`vmrestore ${busy.metadata.namespace}/${busy.metadata.name} is in progress`);
  }
}

/** Begun, neither complete nor given up. */
export function isRestoring(restore: KubeObject): boolean {
  const conditions = itemsAt(restore, "status", "conditions");
  const failed = conditions.some((one) => one["type"] === "Ready" && one["reason"] === "Failed");
  return (
    restore.metadata.deletionTimestamp === undefined &&
    at(restore, "status") !== undefined &&
    !flagAt(restore, "status", "complete") &&
    !failed
  );
}

export function checkBackup({ operation, object, old, world }: AdmissionRequest): void {
  if (operation === "DELETE") {
    checkNotRestoring(world, object);
    return;
  }
  if (object.metadata.deletionTimestamp) return;
  checkDeadline(object);
  if (old === undefined) checkNewBackup(world, object);
  else checkKept(object, old);
}

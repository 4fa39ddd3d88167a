import {
  conditionsOf,
  fieldAt,
  flagAt,
  instantOf,
  jsonAt,
  listAt,
  metaOf,
  numberAt,
  textAt,
  textsAt,
} from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import type { BackupSchedule, BackupTarget, VmBackup, VmRestore } from "./schemas.ts";

export function readVmBackup(backup: KubeObject): VmBackup {
  const failure = textAt(backup, "status", "error", "message");
  const isReady = flagAt(backup, "status", "readyToUse") === true;
  const target = fieldAt(backup, "status", "backupTarget");
  const state =
    backup.metadata.deletionTimestamp !== undefined
      ? "deleting"
      : isReady
        ? "ready"
        : failure === null
          ? "running"
          : "failed";
  return {
    namespace: backup.metadata.namespace ?? "",
    ...metaOf(backup),
    type: textAt(backup, "spec", "type") === "snapshot" ? "snapshot" : "backup",
    machine: textAt(backup, "spec", "source", "name"),
    state,
    progress: isReady ? 100 : progressOf(backup),
    message: failure,
    takenAt: instantOf(fieldAt(backup, "status", "creationTime")),
    target:
      target === undefined || target === null
        ? null
        : {
            endpoint: textAt(target, "endpoint"),
            bucket: textAt(target, "bucketName"),
            region: textAt(target, "bucketRegion"),
          },
    volumes: listAt(backup, "status", "volumeBackups").map((one) => ({
      volume: textAt(one, "persistentVolumeClaim", "metadata", "name") ?? textAt(one, "volumeName"),
      sizeBytes: numberAt(one, "volumeSize"),
      progress: numberAt(one, "progress"),
      ready: flagAt(one, "readyToUse") === true,
      message: textAt(one, "error", "message"),
    })),
    schedule: textAt(backup, "metadata", "annotations", "harvesterhci.io/svmbackupId"),
  };
}

const progressOf = (object: KubeObject): number =>
  Math.max(0, Math.min(100, numberAt(object, "status", "progress") ?? 0));

export function readVmRestore(restore: KubeObject): VmRestore {
  const failed = conditionsOf(restore).find(
    ({ type, status, reason }) =>
      (/^Fail(?:ed|ure)$/.test(type) && status === "True") || (type === "Ready" && reason === "Failed"),
  );
  const isComplete = flagAt(restore, "status", "complete") === true;
  const name = textAt(restore, "spec", "virtualMachineBackupName");
  return {
    namespace: restore.metadata.namespace ?? "",
    ...metaOf(restore),
    backup:
      name === null ? null : `${textAt(restore, "spec", "virtualMachineBackupNamespace") ?? ""}/${name}`,
    machine: textAt(restore, "spec", "target", "name"),
    newMachine: flagAt(restore, "spec", "newVM") === true,
    state:
      restore.metadata.deletionTimestamp !== undefined
        ? "deleting"
        : isComplete
          ? "complete"
          : failed === undefined
            ? "running"
            : "failed",
    progress: isComplete ? 100 : progressOf(restore),
    message: failed?.message ?? null,
    finishedAt: instantOf(fieldAt(restore, "status", "restoreTime")),
    deletedVolumes: textsAt(restore, "status", "deletedVolumes"),
  };
}

export function readBackupSchedule(schedule: KubeObject): BackupSchedule {
  const told = conditionsOf(schedule).find(({ status, message }) => status === "True" && message !== null);
  return {
    namespace: schedule.metadata.namespace ?? "",
    ...metaOf(schedule),
    machine: textAt(schedule, "spec", "vmbackup", "source", "name"),
    type: textAt(schedule, "spec", "vmbackup", "type") === "snapshot" ? "snapshot" : "backup",
    cron: textAt(schedule, "spec", "cron"),
    retain: numberAt(schedule, "spec", "retain"),
    maxFailure: numberAt(schedule, "spec", "maxFailure"),
    suspended:
      flagAt(schedule, "spec", "suspend") === true || flagAt(schedule, "status", "suspended") === true,
    failures: numberAt(schedule, "status", "failure") ?? 0,
    message: told?.message ?? null,
    backups: listAt(schedule, "status", "vmbackupInfo").flatMap((one) => {
      const name = textAt(one, "name");
      return name === null ? [] : [{ name, ready: flagAt(one, "readyToUse") === true }];
    }),
  };
}

/** The setting `backup-target`, without its credentials. */
export function readBackupTarget(setting: KubeObject): BackupTarget {
  const value = jsonAt(setting, "value") ?? jsonAt(setting, "default");
  const type = textAt(value, "type");
  return {
    configured: type !== null,
    type: type === "s3" || type === "nfs" ? type : null,
    endpoint: textAt(value, "endpoint"),
    bucket: textAt(value, "bucketName"),
    region: textAt(value, "bucketRegion"),
    virtualHostedStyle: flagAt(value, "virtualHostedStyle"),
    refreshSeconds: numberAt(value, "refreshIntervalInSeconds"),
    resourceVersion: setting.metadata.resourceVersion ?? "",
  };
}

import {
  anything,
  between,
  byDefault,
  conditions,
  flag,
  list,
  mapOf,
  object,
  oneOf,
  open,
  record,
  type Schema,
  text,
  textMap,
  texts,
  typedReference,
  whole,
} from "./schema-words.ts";
import { carriedMachine } from "./virtual-machines.ts";

const failure = record({ time: text, message: text });
const carriedClaim = record({ metadata: anything, spec: anything });

const backupSpec = record(
  {
    source: typedReference,
    type: byDefault(oneOf("backup", "snapshot"), "backup"),
    fsFreezeDeadline: text,
  },
  "source",
);

const volumeBackup = record(
  {
    name: text,
    volumeName: text,
    csiDriverName: byDefault(text, "driver.longhorn.io"),
    creationTime: text,
    persistentVolumeClaim: carriedClaim,
    longhornBackupName: text,
    volumeSize: whole,
    progress: whole,
    readyToUse: flag,
    error: failure,
  },
  "volumeName",
  "persistentVolumeClaim",
);

export const backup: Schema = object(
  backupSpec,
  record({
    sourceUID: text,
    creationTime: text,
    backupTarget: record({ endpoint: text, bucketName: text, bucketRegion: text }),
    csiDriverVolumeSnapshotClassNames: textMap,
    source: carriedMachine,
    volumeBackups: list(volumeBackup),
    secretBackups: list(record({ name: text, data: textMap }, "name")),
    progress: whole,
    readyToUse: flag,
    error: failure,
    conditions,
  }),
);

export const restore: Schema = object(
  record(
    {
      target: typedReference,
      virtualMachineBackupName: text,
      virtualMachineBackupNamespace: text,
      newVM: flag,
      deletionPolicy: oneOf("delete", "retain"),
      keepMacAddress: flag,
      haltAfterRestore: flag,
    },
    "target",
    "virtualMachineBackupName",
    "virtualMachineBackupNamespace",
  ),
  record({
    restores: list(
      record({
        volumeName: text,
        persistentVolumeClaimSpec: carriedClaim,
        volumeBackupName: text,
        longhornEngineName: text,
        progress: whole,
        volumeSize: whole,
      }),
    ),
    restoreTime: text,
    deletedVolumes: texts,
    complete: flag,
    conditions,
    targetUID: text,
    progress: whole,
  }),
);

export const schedule: Schema = object(
  record(
    {
      cron: text,
      retain: byDefault(between(2, 250), 8),
      maxFailure: byDefault(between(2), 4),
      suspend: byDefault(flag, false),
      vmbackup: backupSpec,
    },
    "cron",
    "vmbackup",
  ),
  record({ vmbackupInfo: list(open({ name: text })), failure: whole, suspended: flag, conditions }),
);

export const volumeSnapshot: Schema = object(
  record(
    {
      source: record({ persistentVolumeClaimName: text, volumeSnapshotContentName: text }),
      volumeSnapshotClassName: text,
    },
    "source",
  ),
  record({
    boundVolumeSnapshotContentName: text,
    creationTime: text,
    readyToUse: flag,
    restoreSize: { "x-kubernetes-int-or-string": true },
    error: failure,
  }),
);

export const volumeSnapshotContent: Schema = object(anything);

export const volumeSnapshotClass: Schema = record(
  {
    apiVersion: text,
    kind: text,
    metadata: { type: "object" },
    driver: text,
    deletionPolicy: oneOf("Delete", "Retain"),
    parameters: mapOf(text),
  },
  "driver",
  "deletionPolicy",
);

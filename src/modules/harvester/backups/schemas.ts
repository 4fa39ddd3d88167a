import * as z from "zod";
import {
  ClusterField,
  LabelName,
  Labels,
  NamedField,
  NamespacedList,
  NamespaceField,
  ObjectName,
  QueueForMs,
  ResourceVersion,
} from "../words.ts";

const made = {
  labels: z.record(z.string(), z.string()),
  createdAt: z.iso.datetime().nullable(),
  resourceVersion: z.string(),
};

export const BackupType = z.enum(["backup", "snapshot"]);
const State = z.enum(["running", "ready", "failed", "deleting"]);

const Target = z.strictObject({
  endpoint: z.string().nullable(),
  bucket: z.string().nullable(),
  region: z.string().nullable(),
});

export const VmBackup = z
  .strictObject({
    namespace: z.string(),
    name: z.string(),
    /** A backup is kept at the backup target, a snapshot in the cluster. */
    type: BackupType,
    machine: z.string().nullable(),
    state: State,
    /** 0 to 100. */
    progress: z.number(),
    message: z.string().nullable(),
    takenAt: z.iso.datetime().nullable(),
    target: Target.nullable(),
    volumes: z.array(
      z.strictObject({
        volume: z.string().nullable(),
        sizeBytes: z.number().nullable(),
        progress: z.number().nullable(),
        ready: z.boolean(),
        message: z.string().nullable(),
      }),
    ),
    /** The schedule that took it. */
    schedule: z.string().nullable(),
    ...made,
  })
  .meta({ id: "ClusterVmBackup" });
export type VmBackup = z.infer<typeof VmBackup>;

export const ListVmBackups = NamespacedList.extend({
  type: BackupType.optional(),
  machine: LabelName.optional(),
});

export const CreateVmBackup = z.strictObject({
  ...NamespaceField,
  name: ObjectName,
  machine: LabelName,
  type: BackupType.default("backup"),
  /** How long the guest's file systems may be held still meanwhile. */
  freezeSeconds: z.int().min(1).max(3600).optional(),
  labels: Labels.optional(),
  queueForMs: QueueForMs,
});

export const VmRestore = z
  .strictObject({
    namespace: z.string(),
    name: z.string(),
    /** `namespace/name` */
    backup: z.string().nullable(),
    machine: z.string().nullable(),
    newMachine: z.boolean(),
    state: z.enum(["running", "complete", "failed", "deleting"]),
    progress: z.number(),
    message: z.string().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    /** Volumes that were deleted for it. */
    deletedVolumes: z.array(z.string()),
    ...made,
  })
  .meta({ id: "ClusterVmRestore" });
export type VmRestore = z.infer<typeof VmRestore>;

export const RestoreVmBackup = z.strictObject({
  ...NamedField,
  into: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("new"),
      machine: LabelName,
      /** Where the new machine is made; the backup's namespace when absent. Snapshots stay in theirs. */
      namespace: LabelName.optional(),
      keepMacAddresses: z.boolean().default(false),
    }),
    z.strictObject({
      kind: z.literal("replace"),
      /** What becomes of the volumes that the machine has now. */
      oldVolumes: z.enum(["retain", "delete"]).default("retain"),
      /** The machine's name once more: what is on it now is replaced. */
      confirm: z.string().max(63),
    }),
  ]),
  /** Leave the machine stopped afterwards. */
  halt: z.boolean().default(false),
});

export const BackupSchedule = z
  .strictObject({
    namespace: z.string(),
    name: z.string(),
    machine: z.string().nullable(),
    type: BackupType,
    /** In UTC. */
    cron: z.string().nullable(),
    retain: z.number().nullable(),
    maxFailure: z.number().nullable(),
    suspended: z.boolean(),
    failures: z.number(),
    message: z.string().nullable(),
    backups: z.array(z.strictObject({ name: z.string(), ready: z.boolean() })),
    ...made,
  })
  .meta({ id: "ClusterBackupSchedule" });
export type BackupSchedule = z.infer<typeof BackupSchedule>;

const Retain = z.int().min(2).max(250);
const MaxFailure = z.int().min(2).max(249);
const CronText = z.string().min(1).max(120);

export const CreateBackupSchedule = z.strictObject({
  ...NamespaceField,
  name: ObjectName,
  machine: LabelName,
  type: BackupType.default("backup"),
  /** Five fields, in UTC; once an hour at most. */
  cron: CronText,
  /** How many backups are kept. */
  retain: Retain.default(8),
  /** After so many failures in a row it suspends itself. */
  maxFailure: MaxFailure.default(4),
  suspended: z.boolean().default(false),
  labels: Labels.optional(),
  queueForMs: QueueForMs,
});

export const UpdateBackupSchedule = z.strictObject({
  ...NamedField,
  resourceVersion: ResourceVersion,
  cron: CronText.optional(),
  retain: Retain.optional(),
  maxFailure: MaxFailure.optional(),
  suspended: z.boolean().optional(),
  queueForMs: QueueForMs,
});

export const BackupTarget = z
  .strictObject({
    configured: z.boolean(),
    type: z.enum(["s3", "nfs"]).nullable(),
    endpoint: z.string().nullable(),
    bucket: z.string().nullable(),
    region: z.string().nullable(),
    virtualHostedStyle: z.boolean().nullable(),
    refreshSeconds: z.number().nullable(),
    resourceVersion: z.string(),
  })
  .meta({ id: "ClusterBackupTarget" });
export type BackupTarget = z.infer<typeof BackupTarget>;

const RefreshSeconds = z.int().min(0).max(86_400).optional();

export const SetBackupTarget = z.strictObject({
  ...ClusterField,
  target: z.discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("s3"),
      /** Empty for AWS itself. */
      endpoint: z.union([z.literal(""), z.url({ protocol: /^https?$/ }).max(2048)]).default(""),
      bucket: z
        .string()
        .regex(/^[a-z0-9](?:[-a-z0-9.]{1,61}[a-z0-9])$/, "A bucket's name: 3 to 63 characters."),
      region: z.string().regex(/^[a-z0-9-]{1,64}$/, "A region, such as eu-central-1."),
      accessKeyId: z.string().min(1).max(128),
      /** The name of a secret of this tenant that holds the secret access key. */
      secretName: z.string().min(1).max(64),
      virtualHostedStyle: z.boolean().default(false),
      refreshSeconds: RefreshSeconds,
    }),
    z.strictObject({
      type: z.literal("nfs"),
      endpoint: z
        .string()
        .max(1024)
        .regex(
          /^nfs:\/\/[^\s/?#]+\/[^\s?#]*(?:\?nfsOptions=[\w=,.-]+)?$/,
          "An address such as nfs://host:/path.",
        ),
      refreshSeconds: RefreshSeconds,
    }),
  ]),
  resourceVersion: ResourceVersion.optional(),
});

export const RemoveBackupTarget = z.strictObject({
  ...ClusterField,
  /** `backup-target`: backups there are no longer seen. */
  confirm: z.literal("backup-target"),
});

export const TargetHealth = z
  .strictObject({ healthy: z.boolean(), message: z.string().nullable() })
  .meta({ id: "ClusterBackupTargetHealth" });

import * as z from "zod";
import {
  ByteQuantity,
  Description,
  Labels,
  NamedField,
  NamespacedName,
  NamespaceField,
  ObjectName,
  QueueForMs,
  ResourceVersion,
} from "../words.ts";

export const VolumeState = z.enum(["pending", "bound", "expanding", "lost", "deleting"]);

export const Volume = z
  .strictObject({
    namespace: z.string(),
    name: z.string(),
    state: VolumeState,
    /** What was asked for, as it was written, and in bytes. */
    size: z.string().nullable(),
    sizeBytes: z.number().nullable(),
    /** What there is now; smaller while an expansion goes on. */
    capacityBytes: z.number().nullable(),
    storageClass: z.string().nullable(),
    volumeMode: z.string().nullable(),
    accessModes: z.array(z.string()),
    /** `namespace/name` of the image that it was made from. */
    image: z.string().nullable(),
    /** The virtual machines of the namespace that have it as a disk. */
    attachedTo: z.array(z.string()),
    /** What the storage behind it says; null when it says nothing. */
    health: z
      .strictObject({
        state: z.string().nullable(),
        robustness: z.string().nullable(),
        actualBytes: z.number().nullable(),
        host: z.string().nullable(),
        replicas: z.number().nullable(),
      })
      .nullable(),
    description: z.string().nullable(),
    labels: z.record(z.string(), z.string()),
    createdAt: z.iso.datetime().nullable(),
    resourceVersion: z.string(),
  })
  .meta({ id: "ClusterVolume" });
export type Volume = z.infer<typeof Volume>;

const made = {
  storageClass: ObjectName.optional(),
  description: Description.optional(),
  labels: Labels.optional(),
};

export const CreateVolume = z.strictObject({
  ...NamespaceField,
  name: ObjectName,
  size: ByteQuantity,
  /** Make it from an image; its storage class is then the image's own. */
  image: NamespacedName.optional(),
  volumeMode: z.enum(["Block", "Filesystem"]).default("Block"),
  accessMode: z.enum(["ReadWriteMany", "ReadWriteOnce"]).default("ReadWriteMany"),
  ...made,
  queueForMs: QueueForMs,
});

export const ResizeVolume = z.strictObject({
  ...NamedField,
  size: ByteQuantity,
  resourceVersion: ResourceVersion.optional(),
});

export const CloneVolume = z.strictObject({ ...NamedField, newName: ObjectName });
export const SnapshotVolume = z.strictObject({ ...NamedField, snapshotName: ObjectName });

export const ExportVolume = z.strictObject({
  ...NamedField,
  displayName: z.string().min(1).max(200),
  /** Where the image is kept; the volume's namespace when absent. */
  imageNamespace: NamespaceField.namespace.optional(),
  storageClass: ObjectName.optional(),
});

export const VolumeSnapshot = z
  .strictObject({
    namespace: z.string(),
    name: z.string(),
    volume: z.string().nullable(),
    state: z.enum(["pending", "ready", "failed", "deleting"]),
    restoreBytes: z.number().nullable(),
    snapshotClass: z.string().nullable(),
    takenAt: z.iso.datetime().nullable(),
    message: z.string().nullable(),
    labels: z.record(z.string(), z.string()),
    createdAt: z.iso.datetime().nullable(),
    resourceVersion: z.string(),
  })
  .meta({ id: "ClusterVolumeSnapshot" });
export type VolumeSnapshot = z.infer<typeof VolumeSnapshot>;

export const RestoreVolumeSnapshot = z.strictObject({
  ...NamedField,
  /** The volume that is made from it. */
  newName: ObjectName,
  storageClass: ObjectName.optional(),
});

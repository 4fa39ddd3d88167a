import * as z from "zod";
import {
  ByteQuantity,
  ClusterField,
  CpuQuantity,
  Description,
  LabelName,
  Labels,
  NamespaceField,
  QueueForMs,
} from "../words.ts";

export const Namespace = z
  .strictObject({
    name: z.string(),
    state: z.enum(["active", "deleting"]),
    /** One of the cluster's own, which is never deleted here. */
    system: z.boolean(),
    description: z.string().nullable(),
    labels: z.record(z.string(), z.string()),
    createdAt: z.iso.datetime().nullable(),
    resourceVersion: z.string(),
  })
  .meta({ id: "ClusterNamespace" });
export type Namespace = z.infer<typeof Namespace>;

const Limit = z.strictObject({ limit: z.number().nullable(), used: z.number().nullable() });

export const Quota = z
  .strictObject({
    /** Processors that virtual machines may have together. */
    cpu: Limit,
    memoryBytes: Limit,
    storageBytes: Limit,
    snapshotBytes: Limit,
  })
  .meta({ id: "ClusterNamespaceQuota" });
export type Quota = z.infer<typeof Quota>;

export const NamespaceWithQuota = Namespace.extend({ quota: Quota }).meta({
  id: "ClusterNamespaceWithQuota",
});

export const CreateNamespace = z.strictObject({
  ...ClusterField,
  name: LabelName,
  description: Description.optional(),
  labels: Labels.optional(),
  queueForMs: QueueForMs,
});

export const DeleteNamespace = z.strictObject({
  ...NamespaceField,
  /** The name once more: everything in it goes with it. */
  confirm: z.string().max(63),
});

/** The whole quota: what is absent is not limited. */
export const SetQuota = z.strictObject({
  ...NamespaceField,
  cpu: CpuQuantity.optional(),
  memory: ByteQuantity.optional(),
  storage: ByteQuantity.optional(),
  /** What all snapshots of the namespace may take together. */
  snapshots: ByteQuantity.optional(),
});

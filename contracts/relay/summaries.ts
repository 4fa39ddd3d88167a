import * as z from "zod";

const name = z.string().max(300);
const text = z.string().max(500);
const bytes = z.number().nonnegative();

/** `namespace/name` of something in the same cluster, or a bare name where it has no namespace. */
const link = z.string().max(600);

/** A host. `memoryBytes` and `cpus` are what it can give away (`allocatable`). */
export const HostSummary = z.object({
  state: z.enum(["ready", "not_ready", "unknown", "maintenance"]),
  schedulable: z.boolean(),
  roles: z.array(name),
  address: z.string().max(100).nullable(),
  cpus: z.number().nonnegative(),
  memoryBytes: bytes,
  gpus: z.number().nonnegative(),
  version: text,
});

/** A virtual machine and, where it runs, its instance. */
export const VirtualMachineSummary = z.object({
  /** The cluster's own word: `Running`, `CrashLoopBackOff`, … */
  printableStatus: text,
  state: z.enum([
    "stopped",
    "starting",
    "running",
    "paused",
    "stopping",
    "migrating",
    "crashed",
    "error",
    "unknown",
  ]),
  runStrategy: text,
  cpus: z.number().nonnegative(),
  memoryBytes: bytes,
  host: name.nullable(),
  addresses: z.array(z.string().max(100)),
  volumes: z.array(link),
  networks: z.array(link),
  image: link.nullable(),
});

/** A volume (PersistentVolumeClaim). */
export const VolumeSummary = z.object({
  phase: text,
  sizeBytes: bytes,
  storageClass: text,
  image: link.nullable(),
  /** The volume of the storage below: `pvc-…`. */
  backing: name.nullable(),
});

/** A replicated volume of the storage below (Longhorn). */
export const BackingVolumeSummary = z.object({
  robustness: z.enum(["healthy", "degraded", "faulted", "unknown"]),
  state: text,
  replicas: z.number().nonnegative(),
  claim: link.nullable(),
});

export const ImageSummary = z.object({
  displayName: text,
  state: z.enum(["importing", "ready", "failed"]),
  progress: z.number(),
  sizeBytes: bytes,
  storageClass: text,
});

export const NetworkSummary = z.object({ kind: text, vlan: z.number().nullable(), clusterNetwork: text });

/** A backup or a snapshot of a virtual machine. */
export const BackupSummary = z.object({
  type: z.enum(["backup", "snapshot"]),
  vm: link,
  state: z.enum(["running", "ready", "failed"]),
  progress: z.number(),
  error: text.nullable(),
});

export const RestoreSummary = z.object({
  vm: link,
  backup: link,
  state: z.enum(["running", "complete", "failed"]),
  progress: z.number(),
});

export const NamespaceSummary = z.object({ phase: text });

/** The summaries of the inventory by `group/plural`, as agents send them; a field more does no harm. */
export const summaries = {
  "core/nodes": HostSummary,
  "core/namespaces": NamespaceSummary,
  "kubevirt.io/virtualmachines": VirtualMachineSummary,
  "core/persistentvolumeclaims": VolumeSummary,
  "longhorn.io/volumes": BackingVolumeSummary,
  "harvesterhci.io/virtualmachineimages": ImageSummary,
  "k8s.cni.cncf.io/network-attachment-definitions": NetworkSummary,
  "harvesterhci.io/virtualmachinebackups": BackupSummary,
  "harvesterhci.io/virtualmachinerestores": RestoreSummary,
} as const;
export type InventoryKind = keyof typeof summaries;

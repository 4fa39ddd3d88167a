import * as z from "zod";
import { ObjectCondition } from "../machines/schemas.ts";

const Resources = z.strictObject({
  cpu: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  pods: z.number().nullable(),
  /** GPUs and other devices by the name of their resource. */
  devices: z.record(z.string(), z.number()),
});

const summary = {
  name: z.string(),
  uid: z.string(),
  resourceVersion: z.string(),
  state: z.enum(["ready", "not_ready", "unknown", "cordoned", "entering_maintenance", "maintenance"]),
  roles: z.array(z.enum(["management", "worker", "witness"])),
  ipAddress: z.string().nullable(),
  cpuManager: z.boolean(),
  capacity: Resources,
  allocatable: Resources,
  architecture: z.string().nullable(),
  os: z.string().nullable(),
  kernel: z.string().nullable(),
  kubernetesVersion: z.string().nullable(),
  createdAt: z.iso.datetime().nullable(),
} as const;

export const Host = z.strictObject(summary).meta({ id: "Host" });
export type Host = z.infer<typeof Host>;

export const HostDisk = z
  .strictObject({
    name: z.string(),
    path: z.string().nullable(),
    schedulable: z.boolean(),
    totalBytes: z.number().nullable(),
    availableBytes: z.number().nullable(),
    scheduledBytes: z.number().nullable(),
  })
  .meta({ id: "HostDisk" });

export const HostDetail = z
  .strictObject({
    ...summary,
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    conditions: z.array(ObjectCondition),
    disks: z.array(HostDisk),
    virtualMachines: z.array(z.strictObject({ namespace: z.string(), name: z.string(), state: z.string() })),
  })
  .meta({ id: "HostDetail" });
export type HostDetail = z.infer<typeof HostDetail>;

export const HostMetrics = z
  .strictObject({
    name: z.string(),
    at: z.iso.datetime().nullable(),
    windowSeconds: z.number().nullable(),
    cpu: z.strictObject({ used: z.number().nullable(), of: z.number().nullable() }),
    memoryBytes: z.strictObject({ used: z.number().nullable(), of: z.number().nullable() }),
    storageBytes: z.strictObject({ used: z.number().nullable(), of: z.number().nullable() }),
  })
  .meta({ id: "HostMetrics" });
export type HostMetrics = z.infer<typeof HostMetrics>;

import * as z from "zod";

const instant = z.iso.datetime().nullable();

export const ObjectCondition = z
  .strictObject({
    type: z.string(),
    status: z.string(),
    reason: z.string().nullable(),
    message: z.string().nullable(),
  })
  .meta({ id: "ClusterObjectCondition" });

export const ObjectEvent = z
  .strictObject({
    type: z.string(),
    reason: z.string(),
    message: z.string(),
    count: z.int(),
    lastSeenAt: instant,
  })
  .meta({ id: "ClusterObjectEvent" });

const Summary = z.strictObject({
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
  resourceVersion: z.string(),
  description: z.string().nullable(),
  /** As KubeVirt prints it: Stopped, Starting, Running, Paused, Migrating, ErrorUnschedulable … */
  state: z.string(),
  ready: z.boolean(),
  runStrategy: z.string(),
  node: z.string().nullable(),
  ipAddresses: z.array(z.string()),
  cpu: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  os: z.string().nullable(),
  restartNeeded: z.boolean(),
  labels: z.record(z.string(), z.string()),
  createdAt: instant,
  deletingSince: instant,
});
export const VirtualMachine = Summary.meta({ id: "VirtualMachine" });
export type VirtualMachine = z.infer<typeof VirtualMachine>;

export const MachineDisk = z
  .strictObject({
    name: z.string(),
    type: z.enum(["disk", "cdrom", "lun"]),
    bus: z.string().nullable(),
    bootOrder: z.int().nullable(),
    source: z.enum(["volume", "container", "cloud_init", "empty", "other", "none"]),
    volume: z.string().nullable(),
    container: z.string().nullable(),
    image: z.string().nullable(),
    size: z.string().nullable(),
    storageClass: z.string().nullable(),
    hotplugged: z.boolean(),
  })
  .meta({ id: "VirtualMachineDisk" });
export type MachineDisk = z.infer<typeof MachineDisk>;

export const MachineNetwork = z
  .strictObject({
    name: z.string(),
    network: z.string(),
    binding: z.string(),
    model: z.string().nullable(),
    mac: z.string().nullable(),
    ipAddresses: z.array(z.string()),
  })
  .meta({ id: "VirtualMachineNetwork" });

export const machineVerbs = [
  "start",
  "stop",
  "forceStop",
  "restart",
  "softReboot",
  "pause",
  "unpause",
  "migrate",
  "abortMigration",
  "clone",
  "createTemplate",
  "addVolume",
  "removeVolume",
  "ejectCdRom",
  "backup",
  "snapshot",
  "restore",
  "console",
  "vnc",
  "update",
  "delete",
] as const;
export type MachineVerb = (typeof machineVerbs)[number];

const Permission = z.union([
  z.literal(true),
  z.strictObject({ allowed: z.literal(false), because: z.string() }),
]);
export type Permission = z.infer<typeof Permission>;
export const MachineActions = z
  .record(z.enum(machineVerbs), Permission)
  .meta({ id: "VirtualMachineActions" });
export type MachineActions = z.infer<typeof MachineActions>;

export const VirtualMachineDetail = Summary.extend({
  cpuTopology: z.strictObject({
    cores: z.number(),
    sockets: z.number(),
    threads: z.number(),
    maxSockets: z.number().nullable(),
    dedicated: z.boolean(),
  }),
  maxMemoryBytes: z.number().nullable(),
  hotplug: z.boolean(),
  disks: z.array(MachineDisk),
  networks: z.array(MachineNetwork),
  sshKeys: z.array(z.string()),
  cloudInitSecrets: z.array(z.string()),
  firmware: z.strictObject({ efi: z.boolean(), secureBoot: z.boolean(), tpm: z.boolean() }),
  gpus: z.array(z.strictObject({ name: z.string(), deviceName: z.string() })),
  hostDevices: z.array(z.strictObject({ name: z.string(), deviceName: z.string() })),
  nodeSelector: z.record(z.string(), z.string()),
  instance: z
    .strictObject({
      phase: z.string(),
      node: z.string().nullable(),
      guestAgent: z.boolean(),
      migratable: z.boolean(),
      notMigratableBecause: z.string().nullable(),
      startedAt: instant,
      migration: z
        .strictObject({
          from: z.string().nullable(),
          to: z.string().nullable(),
          startedAt: instant,
          endedAt: instant,
          completed: z.boolean(),
          failed: z.boolean(),
          failure: z.string().nullable(),
        })
        .nullable(),
    })
    .nullable(),
  conditions: z.array(ObjectCondition),
  events: z.array(ObjectEvent),
  actions: MachineActions,
}).meta({ id: "VirtualMachineDetail" });
export type VirtualMachineDetail = z.infer<typeof VirtualMachineDetail>;

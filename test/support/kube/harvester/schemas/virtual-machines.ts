import {
  anything,
  between,
  conditions,
  flag,
  list,
  object,
  oneOf,
  open,
  quantity,
  quantityMap,
  record,
  type Schema,
  text,
  textMap,
  whole,
} from "./schema-words.ts";

const MAC = "^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$";

const bus = oneOf("virtio", "sata", "scsi", "usb");

const disk = record(
  {
    name: text,
    bootOrder: between(1),
    cache: oneOf("none", "writethrough", "writeback"),
    disk: record({ bus, readonly: flag, pciAddress: text }),
    lun: record({ bus, readonly: flag, reservation: flag }),
    cdrom: record({ bus, readonly: flag, tray: oneOf("open", "closed") }),
    io: oneOf("native", "default", "threads"),
    serial: text,
    shareable: flag,
    dedicatedIOThread: flag,
    tag: text,
    blockSize: anything,
    errorPolicy: text,
  },
  "name",
);

const nic = record(
  {
    name: text,
    model: text,
    macAddress: { type: "string", pattern: MAC },
    bootOrder: between(1),
    bridge: anything,
    masquerade: anything,
    sriov: anything,
    slirp: anything,
    macvtap: anything,
    passt: anything,
    binding: record({ name: text }, "name"),
    state: oneOf("", "up", "down", "absent"),
    ports: list(record({ name: text, port: between(1, 65_535), protocol: text }, "port")),
    pciAddress: text,
    tag: text,
    acpiIndex: whole,
    dhcpOptions: anything,
  },
  "name",
);

const hostDevice = open({ name: text, deviceName: text }, "name", "deviceName");

const devices = open({
  disks: list(disk),
  interfaces: list(nic),
  inputs: list(record({ name: text, type: oneOf("tablet"), bus: oneOf("usb", "virtio") }, "name", "type")),
  hostDevices: list(hostDevice),
  gpus: list(hostDevice),
  autoattachGraphicsDevice: flag,
  autoattachPodInterface: flag,
  networkInterfaceMultiqueue: flag,
  blockMultiQueue: flag,
  tpm: open({ persistent: flag }),
  rng: anything,
});

const cpu = open({
  cores: between(0),
  sockets: between(0),
  threads: between(0),
  maxSockets: between(0),
  model: text,
  dedicatedCpuPlacement: flag,
  isolateEmulatorThread: flag,
});

const domain = open(
  {
    cpu,
    devices,
    memory: open({ guest: quantity, maxGuest: quantity, hugepages: record({ pageSize: text }) }),
    resources: record({
      limits: quantityMap,
      requests: quantityMap,
      overcommitGuestOverhead: flag,
    }),
    features: anything,
    firmware: anything,
    machine: open({ type: text }),
    clock: anything,
  },
  "devices",
);

const cloudInit = record({
  userData: text,
  userDataBase64: text,
  networkData: text,
  networkDataBase64: text,
  secretRef: record({ name: text }),
  networkDataSecretRef: record({ name: text }),
});

const volume = open(
  {
    name: text,
    persistentVolumeClaim: record({ claimName: text, readOnly: flag, hotpluggable: flag }, "claimName"),
    dataVolume: record({ name: text, hotpluggable: flag }, "name"),
    cloudInitNoCloud: cloudInit,
    cloudInitConfigDrive: cloudInit,
    containerDisk: open({ image: text }, "image"),
    secret: record({ secretName: text, optional: flag, volumeLabel: text }),
    configMap: open({ name: text }),
    emptyDisk: record({ capacity: quantity }, "capacity"),
    sysprep: anything,
  },
  "name",
);

const network = record(
  { name: text, pod: anything, multus: record({ networkName: text, default: flag }, "networkName") },
  "name",
);

/** What an instance runs by: the `spec` of an instance and of a machine's template. */
const instanceSpec = open(
  {
    domain,
    networks: list(network),
    volumes: list(volume),
    hostname: text,
    subdomain: text,
    nodeSelector: textMap,
    affinity: anything,
    tolerations: list(anything),
    terminationGracePeriodSeconds: whole,
    evictionStrategy: oneOf("None", "LiveMigrate", "LiveMigrateIfPossible", "External"),
    startStrategy: oneOf("Paused"),
    architecture: text,
    accessCredentials: list(anything),
    livenessProbe: anything,
    readinessProbe: anything,
    priorityClassName: text,
    dnsPolicy: text,
    dnsConfig: anything,
    schedulerName: text,
  },
  "domain",
);

/** The `spec` of a machine; backups and template versions carry it too. */
export const machineSpec: Schema = record(
  {
    running: flag,
    runStrategy: oneOf("Always", "Halted", "Manual", "RerunOnFailure", "Once", "WaitAsReceiver"),
    template: record({ metadata: anything, spec: instanceSpec }),
    dataVolumeTemplates: list(anything),
    instancetype: anything,
    preference: anything,
    updateVolumesStrategy: oneOf("Migration", "Replacement"),
  },
  "template",
);

export const virtualMachine: Schema = object(
  machineSpec,
  open({
    printableStatus: text,
    ready: flag,
    created: flag,
    conditions,
    stateChangeRequests: list(anything),
    volumeRequests: list(anything),
  }),
);

export const virtualMachineInstance: Schema = object(
  instanceSpec,
  open({
    phase: oneOf("", "Pending", "Scheduling", "Scheduled", "Running", "Succeeded", "Failed", "Unknown"),
    nodeName: text,
    conditions,
    interfaces: list(anything),
    migrationState: anything,
  }),
);

export const migration: Schema = object(
  record({ vmiName: text, addedNodeSelector: textMap, priority: text, receive: anything, sendTo: anything }),
  open({ phase: text, conditions, migrationState: anything }),
);

export const kubeVirt: Schema = object(
  anything,
  open({ phase: text, conditions, defaultArchitecture: text }),
);

export const dataVolume: Schema = object(
  open({ source: anything, sourceRef: anything, pvc: anything, storage: anything, contentType: text }),
  open({ phase: text, progress: text, conditions }),
);

/** A machine as another object carries it. */
export const carriedMachine: Schema = record({ metadata: anything, spec: { ...machineSpec, required: [] } });

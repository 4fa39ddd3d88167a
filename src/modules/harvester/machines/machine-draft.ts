import * as z from "zod";
import {
  ByteQuantity,
  Description,
  LabelName,
  Labels,
  MacAddress,
  NamespacedName,
  NamespaceField,
  ObjectName,
} from "../words.ts";

export const DiskBus = z.enum(["virtio", "sata", "scsi", "usb"]);

const DiskSource = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("image"), image: NamespacedName }),
  z.strictObject({ kind: z.literal("empty") }),
  z.strictObject({ kind: z.literal("volume"), volume: ObjectName }),
  z.strictObject({
    kind: z.literal("container"),
    image: z
      .string()
      .max(500)
      .regex(/^[\w][\w.:/@-]*$/, "An image of a registry, such as registry.example.com/disks/virtio:1.2."),
  }),
]);

/** A disk of a machine to be: a new volume made from an image or empty, one that exists, or the disk of a container image. */
export const DiskDraft = z
  .strictObject({
    name: LabelName.optional(),
    from: DiskSource,
    /** Of a new volume; that of the image when it is made from one and nothing is said. */
    size: ByteQuantity.optional(),
    storageClass: ObjectName.optional(),
    type: z.enum(["disk", "cdrom"]).default("disk"),
    bus: DiskBus.default("virtio"),
    bootOrder: z.int().min(1).max(100).optional(),
  })
  .superRefine(({ from, size, storageClass, type, bus }, ctx) => {
    const wrong = (path: string, message: string) => ctx.addIssue({ code: "custom", path: [path], message });
    const isNew = from.kind === "image" || from.kind === "empty";
    if (from.kind === "empty" && size === undefined) wrong("size", "Say how large the empty disk shall be.");
    if (!isNew && size !== undefined) wrong("size", "Only a new volume takes a size.");
    if (from.kind !== "empty" && storageClass !== undefined)
      wrong("storageClass", "Only an empty disk takes a storage class; that of an image comes with it.");
    if (type === "cdrom" && bus === "virtio") wrong("bus", "A CD-ROM needs the bus sata, scsi or usb.");
  });
export type DiskDraft = z.infer<typeof DiskDraft>;

export const NetworkDraft = z
  .strictObject({
    name: LabelName.optional(),
    /** `namespace/name` of a network, or `pod` for the management network of the cluster. */
    network: z.union([z.literal("pod"), NamespacedName]),
    binding: z.enum(["bridge", "masquerade"]).optional(),
    model: z.enum(["virtio", "e1000", "e1000e", "ne2k_pci", "pcnet", "rtl8139"]).default("virtio"),
    mac: MacAddress.optional(),
  })
  .refine(({ network, binding }) => network === "pod" || binding !== "masquerade", {
    path: ["binding"],
    message: "Only the pod network takes masquerade.",
  });
export type NetworkDraft = z.infer<typeof NetworkDraft>;

const userDataHeads = [
  "#cloud-config",
  "#!",
  "#include",
  "#cloud-boothook",
  "#part-handler",
  "## template: jinja",
  "Content-Type:",
  "MIME-Version:",
];
const mostData = 64 * 1024;

/** What cloud-init of the guest reads on its first start. It is kept in a Secret that the machine owns, and shown nowhere. */
export const CloudInitDraft = z.strictObject({
  userData: z
    .string()
    .max(mostData)
    .refine(
      (text) => userDataHeads.some((head) => text.startsWith(head)),
      'Begin with "#cloud-config", "#!" or another head that cloud-init knows; it ignores anything else.',
    )
    .optional(),
  networkData: z
    .string()
    .max(mostData)
    .refine(
      (text) => /^\s*["{]?(?:network|version|config|links|ethernets|bonds|vlans|bridges)\b/m.test(text),
      "Give cloud-init's network configuration as YAML or JSON, with its version.",
    )
    .optional(),
});
export type CloudInitDraft = z.infer<typeof CloudInitDraft>;

const Device = z.strictObject({
  name: LabelName,
  /** As hosts offer it: `nvidia.com/A10`. */
  deviceName: z
    .string()
    .max(317)
    .regex(/^[a-z0-9.-]+\/[\w.-]+$/, "A resource of hosts, such as nvidia.com/A10."),
});

export const runStrategies = ["RerunOnFailure", "Always", "Manual", "Once", "Halted"] as const;

/** What a machine is made of, wherever it is made. */
export const machineDraftFields = {
  ...NamespaceField,
  name: LabelName,
  /** Several at once: their names get -01, -02 … */
  count: z.int().min(1).max(20).default(1),
  description: Description.optional(),
  labels: Labels.optional(),
  /** A version of a template, `namespace/name`; what else is given replaces what it says. */
  template: NamespacedName.optional(),
  cpu: z.int().min(1).max(256).optional(),
  memory: ByteQuantity.optional(),
  disks: z.array(DiskDraft).min(1).max(32).optional(),
  networks: z.array(NetworkDraft).max(16).optional(),
  sshKeys: z.array(NamespacedName).max(32).default([]),
  cloudInit: CloudInitDraft.optional(),
  runStrategy: z.enum(runStrategies).optional(),
  nodeSelector: Labels.optional(),
  firmware: z
    .strictObject({
      efi: z.boolean().default(false),
      secureBoot: z.boolean().default(false),
      tpm: z.boolean().default(false),
    })
    .refine(({ efi, secureBoot }) => efi || !secureBoot, {
      path: ["secureBoot"],
      message: "Secure boot needs efi.",
    })
    .optional(),
  gpus: z.array(Device).max(16).optional(),
  hostDevices: z.array(Device).max(16).optional(),
  /** Lets processors and memory grow while the machine runs, up to these. */
  hotplug: z.strictObject({ maxCpu: z.int().min(1).max(512), maxMemory: ByteQuantity }).optional(),
  os: z
    .string()
    .max(63)
    .regex(/^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/, "A short name such as ubuntu or windows.")
    .optional(),
} as const;

export const MachineDraft = z.strictObject(machineDraftFields);
export type MachineDraft = z.infer<typeof MachineDraft>;
